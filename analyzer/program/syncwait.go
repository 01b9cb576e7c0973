package program

import (
	"golang.org/x/tools/go/ssa"
)

func (x *cellIndex) store(in *ssa.Store) {
	switch a := in.Addr.(type) {
	case *ssa.FieldAddr:
		set, _ := x.Fields.At(a.X.Type()).(map[int]bool)
		if set == nil {
			set = make(map[int]bool)
			x.Fields.Set(a.X.Type(), set)
		}
		set[a.Field] = true
	case *ssa.Global:
		x.globals[a] = append(x.globals[a], in)
	}
}

package raiser

import (
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/flow"
)

// A Handover is where a request with a channel goes to another goroutine: an
// instruction, or the block of the case of a select.
type Handover struct {
	In ssa.Instruction
	To *ssa.BasicBlock
}

// Handovers returns where the maker of a channel hands it over, in the order of
// the blocks.
func (p *Raisers) Handovers(m *ssa.MakeChan) []Handover {
	all, ok := p.handers[m]
	if ok {
		return all
	}
	for _, b := range m.Parent().Blocks {
		for _, in := range b.Instrs {
			if p.handsOver(in, m) {
				all = append(all, Handover{In: in})
			}
		}
		for i, to := range b.Succs {
			sel, k := flow.SelectCase(b, i)
			if sel != nil && sel.States[k].Dir == types.SendOnly && p.carries(sel.States[k].Send, m) {
				all = append(all, Handover{To: to})
			}
		}
	}
	p.handers[m] = all
	return all
}

// handsOver reports whether the instruction sends a request that carries the
// channel, or gives it to a function whose errors are not looked at: one that
// puts it into a queue.
func (p *Raisers) handsOver(in ssa.Instruction, m *ssa.MakeChan) bool {
	switch in := in.(type) {
	case *ssa.Send:
		return p.carries(in.X, m)
	case *ssa.Call:
		if len(*in.Referrers()) > 0 {
			return false
		}
		for _, a := range in.Call.Args {
			if i, ok := a.(*ssa.MakeInterface); ok && p.carries(i.X, m) {
				return true
			}
		}
	}
	return false
}

// carries reports whether v is a struct, or a pointer to one, with a channel of
// the make in a field.
func (p *Raisers) carries(v ssa.Value, made *ssa.MakeChan) bool {
	if v == nil {
		return false
	}
	t := v.Type()
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	st, ok := t.Underlying().(*types.Struct)
	if !ok {
		return false
	}
	for i := range st.NumFields() {
		if _, ok := st.Field(i).Type().Underlying().(*types.Chan); !ok {
			continue
		}
		x := p.Graph.FieldValue(t, i)
		if x == nil {
			continue
		}
		for _, m := range p.Graph.Class(p.Base, x).Makes {
			if m == made {
				return true
			}
		}
	}
	return false
}

package wait

import (
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/flow"
)

// ownMemory reports whether a reader or writer of the package waits for nothing: its
// methods are read, and those that read may give an error, the end, some day.
func (m *Points) ownMemory(n *types.TypeName) bool {
	if types.IsInterface(n.Type()) {
		return false
	}
	known := false
	ms := types.NewMethodSet(types.NewPointer(n.Type()))
	for i := range ms.Len() {
		obj, ok := ms.At(i).Obj().(*types.Func)
		if !ok || obj.Name() != "Read" && obj.Name() != "Write" && obj.Name() != "WriteTo" && obj.Name() != "ReadFrom" {
			continue
		}
		fn := m.FuncOf(obj)
		if fn == nil || len(fn.Blocks) == 0 || len(ms.At(i).Index()) > 1 || !m.silentIn(fn) {
			return false
		}
		known = true
	}
	return known
}

// silentIn reports whether the method waits for nothing, and can give an error if it
// reads.
func (m *Points) silentIn(fn *ssa.Function) bool {
	if e := m.events(fn); e.more || len(e.waits) > 0 {
		return false
	}
	if fn.Name() == "Write" {
		return true
	}
	for _, b := range fn.Blocks {
		if r, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return); ok && len(r.Results) > 0 && !code.IsNil(flow.Returned(r)) {
			return true
		}
	}
	return false
}

package lost

import (
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/flow"
	"github.com/killcheck/killcheck/analyzer/kb"
	"github.com/killcheck/killcheck/analyzer/signal"
)

// A Cancel is a cancel function that is overwritten before it is called.
type Cancel struct {
	Name string
	Made token.Pos // the call that makes it
	Over token.Pos // the call whose result overwrites it
}

// LostCancels returns the cancel functions that fn overwrites before it calls them.
func (ev *Stops) LostCancels(fn *ssa.Function) (lost []Cancel) {
	type cancel struct {
		call *ssa.Call
		obj  types.Object
		val  ssa.Value
	}
	var cancels []cancel
	of := make(map[types.Object][]cancel)
	graph := ev.PlainGraph(fn)
	for _, b := range fn.Blocks {
		for _, in := range b.Instrs {
			c, ok := in.(*ssa.Call)
			if !ok || !graph.Executes(c) {
				continue
			}
			row, ok := signal.Entry(ev.Base, &c.Call)
			if !ok || row.Effect != kb.Derives || row.Cancel < 0 {
				continue
			}
			if obj := ev.AssignedTo(fn, c.Pos(), row.Cancel); obj != nil {
				x := cancel{c, obj, code.UsedResult(c, row.Cancel)}
				cancels, of[obj] = append(cancels, x), append(of[obj], x)
			}
		}
	}
	for _, x := range cancels {
		for _, y := range of[x.obj] {
			if x.call == y.call || !flow.LeadsTo(graph, x.call, y.call) || !ev.overwrites(x.val, x.call, y.call) {
				continue
			}
			lost = append(lost, Cancel{x.obj.Name(), x.call.Pos(), y.call.Pos()})
			break
		}
	}
	return lost
}

// overwrites reports whether each way from the call x to the call y, which gives
// the same variable another value, uses the value v of x nowhere. Values that are
// captured, stored elsewhere or used behind y count as used.
func (ev *Stops) overwrites(v ssa.Value, x, y *ssa.Call) bool {
	if !ev.Precedes(x, y) {
		return false
	}
	if v == nil {
		return true
	}
	for _, r := range *v.Referrers() {
		switch r := r.(type) {
		case *ssa.DebugRef:
		case *ssa.Phi:
			if !joins(r, v, y) || ev.usedBefore(r, y, make(map[*ssa.Phi]bool)) {
				return false
			}
		default:
			return false
		}
	}
	return true
}

// usedBefore reports whether what the phi gives is used where control can get to the
// call y from: in a loop it is called there before it is overwritten.
func (ev *Stops) usedBefore(phi *ssa.Phi, y *ssa.Call, seen map[*ssa.Phi]bool) bool {
	if seen[phi] {
		return false
	}
	seen[phi] = true
	for _, r := range *phi.Referrers() {
		switch r := r.(type) {
		case *ssa.DebugRef:
		case *ssa.Phi:
			if ev.usedBefore(r, y, seen) {
				return true
			}
		default:
			if flow.LeadsTo(ev.PlainGraph(phi.Parent()), r, y) {
				return true
			}
		}
	}
	return false
}

// joins reports whether the phi is where the ways with and without the call y
// meet: it has v from the way without it.
func joins(phi *ssa.Phi, v ssa.Value, y *ssa.Call) bool {
	for i, e := range phi.Edges {
		if e == v && y.Block().Dominates(phi.Block().Preds[i]) {
			return false
		}
	}
	return true
}

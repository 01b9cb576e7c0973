package notify

import (
	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/group"
)

// excess judges a group to which more is added on some way than is ever taken
// away: at the wait, if the group is a variable, else where it is added, as the
// waits are elsewhere.
func (p *Notifiers) excess(o group.SyncOp, x *group.Excess) []Group {
	found := Group{Kind: MoreAdded, Add: x.Add.In.Pos(), More: x.More, Some: x.Both}
	ret, returns := x.End.(*ssa.Return)
	if returns {
		found.Leaves = p.ReturnStep(ret)
	}
	if root, local := o.Class.Root.(*ssa.Alloc); local && o.Class.Owner == nil {
		if len(code.StoresTo(root)) > 0 { // it is made anew
			return nil // what was added before counts no more
		}
		found.Kind = MoreCounted
		return p.at(o, found)
	}
	if returns && code.ReturnsError(ret) {
		if p.ownObject(x.Add.In) {
			return nil // nobody gets what it makes
		}
		found.Unsure = !p.often(x.Add.In.Parent())
	}
	return p.at(x.Add, found)
}

// ownObject reports whether the function that makes the call has made what the
// group is a part of.
func (p *Notifiers) ownObject(c ssa.CallInstruction) bool {
	at := p.Place(code.Receiver(c.Common()), nil)
	_, ok := at.Root.(*ssa.Alloc)
	return ok && at.Path != ""
}

// often reports whether fn is called more than once on one object: it starts what
// it is given, or a loop calls it. Then it may fail once and be waited for.
func (p *Notifiers) often(fn *ssa.Function) bool {
	if len(p.Finder.Spawns[fn]) > 0 {
		return true
	}
	calls, _ := p.Graph.Callers(fn)
	for _, c := range calls {
		if _, ok := c.(*ssa.Call); ok && p.Looped(c) {
			return true
		}
	}
	return false
}

package unreleased

import (
	"strconv"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/count"
	"github.com/killcheck/killcheck/analyzer/program"
	"github.com/killcheck/killcheck/passes/internal/remedy"
	"github.com/killcheck/killcheck/passes/internal/report"
)

// own reports a wait by one of those for whom it waits.
func (q *question) own(gs []*program.Goroutine, s *count.SyncOps, o count.SyncOp) bool {
	done, ok := s.Own(o)
	if ok {
		q.reportSync(gs, o, q.subjectOf(gs, o)+" waits for itself: it is one of those that "+q.LockText(o.In)+" counts until it returns", remedy.Remedy{},
			q.CallStep(done, "this is done when it returns"))
	}
	return ok
}

// excess reports a group to which more is added on some way than is ever taken
// away: at the wait, if the group is a variable, else where it is added, as the
// waits are elsewhere.
func (q *question) excess(gs []*program.Goroutine, s *count.SyncOps, o count.SyncOp) bool {
	x := s.Excess(o)
	if x == nil {
		return false
	}
	name := q.LockText(x.Add.In)
	add := q.CallStep(x.Add.In, "this is counted")
	var steps []program.Step
	ret, returns := x.End.(*ssa.Return)
	if returns {
		steps = append(steps, add, q.ReturnStep(ret))
	} else {
		steps = append(steps, add)
	}
	if o.Class.Owner == nil {
		if _, local := o.Class.Root.(*ssa.Alloc); local {
			can := " waits for ever: "
			if x.Both {
				can = " can wait for ever: on one way "
			}
			q.reportSync(gs, o, q.subjectOf(gs, o)+can+q.LockText(o.In)+" counts "+strconv.Itoa(x.More)+" more than there are calls of Done", remedy.Remedy{}, steps...)
			return true
		}
	}
	extended := false
	if returns && code.ReturnsError(ret) {
		if q.ownObject(x.Add.In) {
			return true // nobody gets what it makes
		}
		extended = !q.often(x.Add.In.Parent())
	}
	g, f := q.Runner(gs, x.Add.In.Parent())
	q.Report(g, f, report.Finding{
		Pos: x.Add.In.Pos(), Extended: extended,
		Message: "whoever waits for " + name + " can wait for ever: after this Add, one way leads on without the goroutine that calls Done",
	}, steps...)
	return true
}

// ownObject reports whether the function that makes the call has made what the
// group is a part of.
func (q *question) ownObject(c ssa.CallInstruction) bool {
	p := q.Place(code.Receiver(c.Common()), nil)
	_, ok := p.Root.(*ssa.Alloc)
	return ok && p.Path != ""
}

// often reports whether fn is called more than once on one object: it starts what
// it is given, or a loop calls it. Then it may fail once and be waited for.
func (q *question) often(fn *ssa.Function) bool {
	if len(q.Finder.Spawns[fn]) > 0 {
		return true
	}
	calls, _ := q.Graph.Callers(fn)
	for _, c := range calls {
		if _, ok := c.(*ssa.Call); ok && q.Looped(c) {
			return true
		}
	}
	return false
}

package abandoned

import (
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/program"
	"github.com/killcheck/killcheck/analyzer/signal"
	"github.com/killcheck/killcheck/passes/internal/report"
)

// stopping finds the sends by which somebody asks a loop to stop, or takes leave of
// it, although the loop may have left by then: those of methods that end an object,
// and those of deferred calls. Other sends are made while the loop is meant to run.
func (q *question) stopping(gs []*program.Goroutine) {
	for _, fn := range q.Functions {
		sends := q.SendsOf(fn)
		if len(sends) == 0 || fn.Synthetic != "" || !q.Graph.Live(fn) || !q.partOfEnd(fn, 2) {
			continue
		}
		graph := q.PlainGraph(fn)
		for _, s := range sends {
			if graph.Executes(s) && !q.VariableConds(s) {
				q.stopSend(fn, s, gs)
			}
		}
	}
}

// partOfEnd reports whether fn is a method that ends its object, or is deferred, or
// is called by such a function.
func (q *question) partOfEnd(fn *ssa.Function, depth int) bool {
	if fn.Signature.Recv() != nil && q.Base.CloseMethod(fn.Name()) {
		return true
	}
	calls, _ := q.Graph.Callers(fn)
	return slices.ContainsFunc(calls, func(c ssa.CallInstruction) bool {
		switch c.(type) {
		case *ssa.Defer:
			return q.Graph.Live(c.Parent())
		case *ssa.Go:
			return false
		}
		return depth > 0 && fn.Parent() == nil && q.partOfEnd(c.Parent(), depth-1)
	})
}

// stopSend reports the send if each receiver is a goroutine that can leave before
// it receives.
func (q *question) stopSend(fn *ssa.Function, s *ssa.Send, gs []*program.Goroutine) {
	c := q.Graph.Class(q.Base, s.Chan)
	if !c.Private() || c.Nil || len(c.Library)+len(c.Contexts) > 0 {
		return
	}
	recvs := c.Has(signal.Recv, signal.Range)
	if room, ok := q.Capacity(c); !ok || room > 0 || len(recvs) == 0 {
		return
	}
	recvs, fake := q.inCode(s.Pos(), recvs)
	var by *exit
	for _, o := range recvs {
		g, _ := q.Runner(gs, o.Fn)
		if g == nil || g.Has(fn) || !q.StartedOnly(o.Fn, 4) {
			return
		}
		x := q.leaves(o, recvs, gs, func(ssa.Value) bool { return false })
		if x == nil || x.stop != nil && q.raisedAfter(s, x.stop) {
			return
		}
		by = x
	}
	g, f := q.Runner(gs, fn)
	q.Report(g, f, report.Finding{
		Pos:      s.Pos(),
		Extended: fake,
		Message:  report.Subject(g) + " can wait for ever: the loop that receives from " + q.Syn.Channel(s.Pos()) + " can leave first, " + by.why,
	}, program.Step{Pos: by.op.Pos(), End: q.Syn.End(by.op.Pos()), Text: "this receiver can leave first"})
}

// raisedAfter reports whether only what comes after the send in its own function
// raises the channel, or nothing that is seen.
func (q *question) raisedAfter(s *ssa.Send, v ssa.Value) bool {
	ins, open := q.Raises(v)
	return !open && !slices.ContainsFunc(ins, func(in ssa.Instruction) bool {
		return in.Parent() != s.Parent() || !q.Precedes(s, in)
	})
}

package falsestop

import (
	"go/token"

	"github.com/killcheck/killcheck/analyzer/dead"
	"github.com/killcheck/killcheck/analyzer/event"
	"github.com/killcheck/killcheck/analyzer/interrupt"
	"github.com/killcheck/killcheck/analyzer/lost"
	"github.com/killcheck/killcheck/analyzer/program"
	"github.com/killcheck/killcheck/passes/internal/remedy"
	"github.com/killcheck/killcheck/passes/internal/report"
)

// falseStops finds code that was meant to stop a goroutine and does not. Where such
// code explains why a loop has no end, its report stands instead of that of the
// loop.
func (q *question) falseStops() {
	for _, fn := range q.Functions {
		if !q.Graph.Live(fn) || fn.Synthetic != "" {
			continue
		}
		g, f := q.Runner(q.Goroutines, fn)
		s := &stopper{q, g, f}
		for _, r := range q.MissedStops(g, fn) {
			s.missed(r, q.DropsResult(fn))
		}
		s.blank(q.Syn.Body(fn))
		for _, c := range q.LostCancels(fn) {
			s.report(report.Finding{
				Pos:     c.Over,
				Message: "stop is lost: " + c.Name + " is overwritten here before it was called, so nothing cancels the earlier context",
			}, q.StepAt(c.Made, "the context that stays"))
		}
		for _, e := range q.Interrupts().FalseEnds(g, f, fn) {
			s.end(e)
		}
		for _, d := range q.Drains(fn) {
			s.drain(d)
		}
	}
}

// A stopper words what is found in one function.
type stopper struct {
	q *question
	g *program.Goroutine // a goroutine that runs the function, or nil
	f *program.Frame
}

func (s *stopper) report(o report.Finding, steps ...program.Step) {
	s.q.Report(s.g, s.f, o, steps...)
}

// loop is the loop whose keyword stands at pos.
func (s *stopper) loop(pos token.Pos) program.Step {
	return program.Step{Pos: pos, End: s.q.Syn.End(pos), Text: "the loop that goes on"}
}

// missed reports a loop that goes round again though it is told to stop.
func (s *stopper) missed(r lost.MissedStop, dropsResult bool) {
	o := report.Finding{Pos: r.Pos, End: r.End, Instead: r.Loop}
	if r.Kind == lost.AfterError {
		o.Message = "stop has no effect: " + r.Name + " says that the end has come, and the loop goes round again"
		o.Remedy = remedy.Remedy{Op: remedy.EndError, Pos: r.Pos, Safe: true}
		s.report(o)
		return
	}
	stop := event.Stop{Expr: r.Name}
	if _, stay, ok := s.q.StayAt(r.Loop); ok && stay.Stop.Expr != "" {
		stop = stay.Stop
	}
	if r.Kind == lost.AfterBreak {
		o.Message = "stop has no effect: this break leaves the select, not the loop around it"
		o.Remedy = remedy.Remedy{Op: remedy.Break, Pos: r.Pos, Stop: stop, Safe: !r.Unsure}
	} else {
		o.Message = "stop has no effect: after " + r.Name + " the loop goes round again"
		o.Remedy = remedy.Remedy{Op: remedy.LeaveCase, Pos: r.Pos, Stop: stop, Safe: dropsResult}
	}
	s.report(o, s.loop(r.Loop))
}

// end reports what is meant to end a wait, and does not.
func (s *stopper) end(e interrupt.FalseEnd) {
	q := s.q
	callee := q.Syn.Callee(e.Pos)
	switch e.Kind {
	case interrupt.AfterClose:
		s.report(report.Finding{
			Pos: e.Pos, Instead: e.Loop,
			Message: "close has no effect: " + callee + " returns an error after it, and the loop goes round again",
			Remedy:  s.afterClose(e),
		}, q.StepAt(e.By, "this was meant to stop it"), s.loop(e.Loop))
	case interrupt.TimerStopped:
		s.timer(e)
	case interrupt.MakerBound:
		o := report.Finding{
			Pos:     e.Pos,
			Remedy:  remedy.Ending(e.Pos, q.StopAt(s.g, s.f, e.Pos), e.Way),
			Message: "stop has no effect: the context given to " + q.Syn.Callee(e.By) + " does not end " + callee + ", and nobody closes " + e.Handle + q.Advice(e.Row, ""),
		}
		if stmt := q.Syn.LoopAround(e.Pos); stmt != nil {
			o.Instead = stmt.Pos()
		}
		s.report(o, q.StepAt(e.By, "the context bounds this call only"))
	case interrupt.OutputCopied:
		s.report(report.Finding{
			Pos:      e.Pos,
			Extended: e.Unsure,
			Message:  "stop may have no effect: " + callee + " waits until all children of the command have closed its output, also after the context has killed it; set WaitDelay",
			Remedy:   remedy.Remedy{Op: remedy.WaitDelay, Pos: e.Pos},
		}, q.StepAt(e.By, "the command"))
	case interrupt.FileBlocking:
		s.report(report.Finding{
			Pos:     e.Pos,
			Message: "stop has no effect: " + q.Syn.Callee(e.By) + " has put the file in blocking mode, so no deadline or Close ends a read" + q.Advice(e.Row, ""),
		}, q.StepAt(e.By, "the file becomes blocking here"))
	}
}

// afterClose returns the remedy for a call whose error after a Close is taken for
// a passing one: that of the loop, if nothing tells this error from others.
func (s *stopper) afterClose(e interrupt.FalseEnd) remedy.Remedy {
	if e.Use != "" {
		return remedy.Remedy{Op: remedy.EndError, Pos: e.Pos, Use: e.Use, Safe: true}
	}
	g, stay, ok := s.q.StayAt(e.Loop)
	if !ok {
		return remedy.Remedy{}
	}
	return s.q.Staying(g, stay)
}

// timer reports a timer or ticker that is stopped, which ends no receive from it. Where
// one lock keeps the two apart, the value is taken before, or the timer is seen to be
// stopped.
func (s *stopper) timer(e interrupt.FalseEnd) {
	q := s.q
	for _, stop := range e.Stops {
		if e.Once && q.Locks().Exclude(stop, e.Wait) {
			continue
		}
		o := report.Finding{Pos: stop.Pos(), Instead: e.Pos}
		if g, stay, ok := q.StayAt(e.Pos); ok {
			o.Remedy = q.Staying(g, stay)
		} else if e.Once && e.Far == "" {
			o.Remedy = remedy.ForOwner(s.g, remedy.Remedy{Op: remedy.Recv, Pos: e.Pos})
		}
		name, ch := q.Syn.Callee(q.Syn.CalledAt(stop)), q.Syn.Channel(e.Pos)
		if e.Far != "" {
			ch = e.Far
		}
		if e.Once {
			o.Message = "stop has no effect: after " + name + " nothing comes from " + ch + ", and the goroutine waits for it for ever"
		} else {
			o.Message = "stop has no effect: " + name + " does not close " + ch + ", so the range over it has no end"
		}
		s.report(o, q.StepAt(e.Pos, "this goes on"))
		return
	}
}

// drain reports a receive that is to empty the channel of a timer whose value was
// received before.
func (s *stopper) drain(d dead.Drain) {
	pos := d.In.Pos()
	s.report(report.Finding{
		Pos:     pos,
		Message: "stop does not end: " + s.q.Syn.Callee(d.Stop) + " is false as well if the value of " + s.q.Syn.Channel(pos) + " was received before, and then nothing comes from it",
	}, s.q.StepAt(d.Taken, "the value is received here, and the timer need not be set again"))
}

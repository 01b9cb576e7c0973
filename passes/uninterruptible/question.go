package uninterruptible

import (
	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/interrupt"
	"github.com/killcheck/killcheck/analyzer/program"
	"github.com/killcheck/killcheck/passes/internal/remedy"
	"github.com/killcheck/killcheck/passes/internal/report"
)

// uninterruptible finds, in goroutines that have a stop signal, the calls that
// the signal cannot end. Loops that heed no signal at all are another kind.
func (q *question) uninterruptible() {
	for _, g := range q.Goroutines {
		for _, d := range q.Interrupts().Deaf(g) {
			if reason := q.reason(g, d); reason != "" {
				q.Report(g, d.F, report.Finding{Pos: d.Pos, Extended: d.Unsure, Message: subject(g) + " cannot stop " + reason, Remedy: q.remedy(d)})
			}
		}
	}
}

// accepts judges, in functions that are given a context and that their callers
// start, the calls that wait for a client, callees included: none need ever come.
func (q *question) accepts() {
	for _, g := range q.Promised() {
		for _, d := range q.Interrupts().Accepts(g) {
			found := report.Finding{Pos: d.Pos, Extended: d.Unsure, Message: subject(g) + " cannot stop " + q.reason(g, d)}
			if d.F.From == nil { // else no context has a name there
				found.Remedy = q.remedy(d)
			}
			q.Report(g, nil, found, program.Step{Pos: g.Site.Pos, End: g.Site.End, Text: d.Stop.Ctx + " is given to this function"})
		}
	}
}

// naps judges, in functions that are given a context and that their callers start, the
// sleeps of loops that never look at it.
func (q *question) naps() {
	for _, g := range q.Promised() {
		for _, d := range q.Interrupts().Naps(g) {
			found := report.Finding{Pos: d.Pos, Message: subject(g) + " cannot stop " + q.reason(g, d), Remedy: q.remedy(d)}
			q.Report(g, nil, found, program.Step{Pos: g.Site.Pos, End: g.Site.End, Text: d.Stop.Ctx + " is given to this function"})
		}
	}
}

// subject says who cannot stop in the call.
func subject(g *program.Goroutine) string {
	if g.Started() {
		return "goroutine"
	}
	return "function"
}

// reason says why the stop does not end the call; nothing if it does.
func (q *question) reason(g *program.Goroutine, d interrupt.Deaf) string {
	in, stop := "in "+d.Name+": ", d.Stop.Name()
	switch d.Kind {
	case interrupt.Sleep:
		return "while it sleeps: " + stop + " does not end " + d.Name + ", a select on it and a timer would"
	case interrupt.Pause:
		return "while it waits for " + d.Name + ": " + stop + " does not end that, a select on both would"
	case interrupt.Unheard:
		return "while it waits in " + d.Name + ", which can last " + d.Most.String() + ": " + stop + " is closed to stop it, and nothing receives from that"
	case interrupt.LongSleep:
		if flag := q.Faults().Flagged(g, d.F, d.In); flag != "" {
			return "while it sleeps: " + flag + " is looked at before and after " + d.Name + ", which can last " + d.Most.String() + "; a select on a timer and a channel that the stop closes would end it"
		}
		return ""
	case interrupt.NoContext:
		return in + stop + " does not end it, " + code.ShortName(d.Use) + " takes a context"
	case interrupt.Far:
		return in + stop + " is given to the function, and does not end it"
	case interrupt.OtherContext:
		return in + stop + " does not end it, " + d.Use + " is given a context that never ends"
	case interrupt.Stdin:
		return in + "neither " + stop + " nor a Close ends a read of standard input" + q.Advice(d.Row, "")
	case interrupt.Open:
		return in + "nobody closes " + d.Handle + " or sets a deadline on it when " + stop + " asks for a stop" + q.Advice(d.Row, "")
	case interrupt.FIFO:
		return in + "it waits for the other end of the FIFO, and " + stop + " does not end that" + q.Advice(d.Row, "")
	}
	return in + "nothing ends it, " + stop + " does not either" + q.Advice(d.Row, "; only a child process can be ended")
}

// remedy returns what would end the call.
func (q *question) remedy(d interrupt.Deaf) remedy.Remedy {
	switch d.Kind {
	case interrupt.Sleep:
		if d.In != nil && q.Undone(d.In) {
			return remedy.Remedy{} // what was received would be lost
		}
		return remedy.Remedy{Op: remedy.Sleep, Pos: d.Pos, Stop: d.Stop, Safe: q.Bare(d.F)}
	case interrupt.Pause:
		if d.Far {
			return remedy.Remedy{}
		}
		return remedy.Remedy{Op: remedy.Recv, Pos: d.Pos, Stop: d.Stop, Safe: q.Bare(d.F)}
	case interrupt.NoContext:
		if d.Made.IsValid() {
			return remedy.Remedy{Op: remedy.CtxForm, Pos: d.Made, Stop: d.Given, Use: d.Use, Safe: !d.Fatal}
		}
	case interrupt.Open:
		return remedy.Ending(d.Pos, d.Stop, d.Way)
	case interrupt.Hopeless:
		if d.Child.IsValid() {
			return remedy.Remedy{Op: remedy.Promote, Pos: d.Child, Stop: d.Given}
		}
	}
	return remedy.Remedy{}
}

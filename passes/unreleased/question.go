package unreleased

import (
	"strconv"

	"github.com/killcheck/killcheck/analyzer/dead"
	"github.com/killcheck/killcheck/analyzer/program"
	"github.com/killcheck/killcheck/passes/internal/report"
)

// unreleased reports the waits of the goroutine whose wakes nobody raises, and the
// loops that only such a wake would end.
func (q *question) unreleased(g *program.Goroutine) {
	said := make(map[*program.Frame]bool)
	for _, d := range q.Deads(g) {
		said[d.F] = true
		q.reportDead(g, d)
	}
	q.deadLoops(g, said)
}

// farDeads reports where the goroutine waits in code of another package, which is
// given what nobody raises.
func (q *question) farDeads(g *program.Goroutine) {
	for _, s := range q.Faults().FarDeads(g) {
		q.Report(g, s.F, report.Finding{
			Pos: s.Pos, Extended: q.MayLast(g),
			Message: "goroutine never stops: " + s.What,
		})
	}
}

// deadLoops reports the loops of the goroutine that only a flag or a context would end
// which never comes, in functions of which nothing else is said.
func (q *question) deadLoops(g *program.Goroutine, said map[*program.Frame]bool) {
	for _, d := range q.Faults().DeadLoops(g) {
		if !said[d.F] {
			q.Report(g, d.F, report.Finding{
				Pos: d.Wait.Pos, Extended: q.InTest(g.Site.Pos), // what a test gives it says nothing about others
				Message: "goroutine never stops: its loop ends by " + d.Name + d.Why,
			})
		}
	}
}

// stuck reports the waits that nothing ends in functions that run in no goroutine
// which is known to start here.
func (q *question) stuck() {
	for _, d := range q.StuckIn() {
		q.reportDead(nil, d)
	}
}

// spent reports the receives from timers for which no value is left.
func (q *question) spent() {
	for _, fn := range q.Functions {
		if !q.Graph.Live(fn) || fn.Synthetic != "" {
			continue
		}
		for _, s := range q.Interrupts().Spent(fn) {
			g, f := q.Runner(q.Goroutines, fn)
			if started := q.StartedBy(s.In); started != nil {
				g, f = started, nil
			}
			o := report.Finding{Pos: s.In.Pos(), Message: report.Subject(g) + " waits for ever: " + s.Name + " brings one value, "}
			if s.First == nil {
				o.Message += strconv.Itoa(s.Times) + " are received, and nothing resets the timer"
				q.Report(g, f, o)
				continue
			}
			o.Message += "which an earlier receive has taken, and nothing resets the timer"
			q.Report(g, f, o, q.StepAt(s.First.Pos(), "this takes the value"))
		}
	}
}

// inCircles reports the waits whose wakers all come only after a wait for this one.
func (q *question) inCircles(gs []*program.Goroutine) {
	for _, p := range q.Circles() {
		g, f := q.Runner(gs, p.In.Parent())
		if p.Sends() || g == nil && !q.Alone(gs, p) {
			continue
		}
		what := "what would raise " + q.Syn.Channel(p.At())
		if p.Joins() {
			what = "a goroutine of " + q.GroupName(p)
		}
		if p.Gate() != "" {
			what = "what would open " + p.Gate()
		}
		verb := " comes only after a wait for this one"
		if p.Joins() {
			verb = " ends only after a wait for this one"
		}
		q.Report(g, f, report.Finding{
			Pos:     p.In.Pos(),
			Message: report.Subject(g) + " waits for itself: " + what + verb,
		}, q.CircleSteps(p, "this would end the wait")...)
	}
}

func (q *question) reportDead(g *program.Goroutine, d dead.Wait) {
	o := report.Finding{Pos: d.Pos, Remedy: q.Waking(g, d)}
	forLife := g == nil && q.Pkg.Name() == "main" || g != nil && q.MayLast(g) // for as long as the command runs
	name := q.Syn.Channel(d.At)
	var steps []program.Step
	switch d.Kind {
	case dead.Unraised:
		o.Message = report.Subject(g) + " waits for ever: " + q.whyDead(d)
	case dead.LeftRange:
		o.Message = report.Subject(g) + " waits for ever: nothing closes " + name + ", and those who send on it return"
	case dead.SelfWait:
		o.Message = "goroutine waits for itself: nothing else raises " + name + ", and it does so after this wait only"
	case dead.Range:
		o.Extended = forLife
		o.Message = "goroutine never stops: nothing closes " + name + ", so the range over it has no end"
	case dead.Flag:
		o.Message = "goroutine never stops: its loop ends when a flag is set, and nothing sets it"
	case dead.Case, dead.SelfCase:
		why := q.whyDead(d)
		if d.Kind == dead.SelfCase {
			why = "the goroutine itself alone raises that, after the loop"
		}
		o.Message = "goroutine never stops: only the case " + name + " would end its loop, and " + why
		o.Extended = forLife && d.Kind == dead.Case && q.endless(d) != ""
		steps = []program.Step{{Pos: d.At, End: q.Syn.End(d.At), Text: "only this case would end the loop"}}
	}
	q.Report(g, d.F, o, steps...)
}

// whyDead says why nobody raises the channel.
func (q *question) whyDead(d dead.Wait) string {
	if why := q.endless(d); why != "" {
		return "the context of " + q.Syn.Channel(d.At) + " does not end, " + why
	}
	if q.OnlyNil(q.Graph.Class(q.Base, d.Chan)) {
		return q.Syn.Channel(d.At) + " is never made, and a nil channel never wakes anybody"
	}
	return "nothing sends on " + q.Syn.Channel(d.At) + " or closes it"
}

// endless says why the context that is waited for does not end; it is empty if it may,
// or if it is none.
func (q *question) endless(d dead.Wait) string {
	for _, ctx := range q.Graph.Class(q.Base, d.Chan).Contexts {
		if l := q.Graph.Context(q.Base, ctx); !l.Ends {
			return l.Why
		}
	}
	return ""
}

package ignoredstop

import (
	"github.com/killcheck/killcheck/analyzer/event"
	"github.com/killcheck/killcheck/analyzer/program"
	"github.com/killcheck/killcheck/passes/internal/report"
)

// ignoredStops reports where a goroutine stays although a stop signal is in
// reach.
func (q *question) ignoredStops(g *program.Goroutine) {
	for _, s := range q.Stays(g) {
		if s.Stop.Expr != "" {
			q.Report(g, s.F, report.Finding{
				Pos: s.Pos, Extended: s.Kind == event.NoExitStay && (q.MayLast(g) || q.ForLife(g)),
				Message: q.ignores(s) + q.AndReach(s.Stop),
				Remedy:  q.Staying(g, s),
			})
		}
	}
}

// farLoops reports where a goroutine stays for ever in code of another package,
// although that is given a stop signal, or there is one around it.
func (q *question) farLoops(g *program.Goroutine) {
	for _, s := range q.Faults().Fars(g) {
		if s.Stop.Expr == "" || g.Process && !s.Given {
			continue
		}
		reach := q.AndReach(s.Stop)
		if s.Given {
			reach = ", though " + s.Stop.Name() + " is given to it"
		}
		q.Report(g, s.F, report.Finding{
			Pos: s.Pos, Extended: q.MayLast(g) || q.ForLife(g),
			Message: "goroutine never stops: " + s.What + reach,
		})
	}
}

// brokenPromises reports where a function that is given a context stays for ever,
// whoever runs it.
func (q *question) brokenPromises() {
	for _, x := range q.Faults().Broken() {
		if _, _, ok := q.StayAt(x.Pos); ok {
			continue // a goroutine stays there
		}
		o := report.Finding{Pos: x.Pos, Extended: q.InCommand() || x.Hands}
		switch {
		case x.Stay.Kind == event.Retry:
			o.Message = "function does not stop while it retries: the loop ends only when the work succeeds" + q.AndReach(x.Stay.Stop)
			o.Remedy = q.Staying(x.G, x.Stay)
		case x.What != "":
			o.Message = "function never returns: " + x.What + ", and it is given " + x.Name
		case x.Stay.Stop.Expr != "":
			o.Message = "function never returns: " + q.Describe(x.Stay) + q.AndReach(x.Stay.Stop)
			o.Remedy = q.Staying(x.G, x.Stay)
		default:
			o.Message = "function never returns: " + q.Describe(x.Stay) + ", and it is given " + x.Name
		}
		start := program.Step{Pos: x.G.Site.Pos, End: x.G.Site.End, Text: x.Name + " is given to this function"}
		q.Report(x.G, nil, o, start)
	}
}

// ignores says in what the goroutine does not stop.
func (q *question) ignores(s event.Stay) string {
	switch s.Kind {
	case event.Retry:
		return "goroutine does not stop while it retries: the loop ends only when the work succeeds"
	case event.Starved:
		return "goroutine does not stop while it waits for " + q.Syn.Channel(s.Pos) + ", which nothing closes"
	case event.Answer:
		return "goroutine does not stop while it waits for " + q.Syn.Channel(s.Pos) + ", on which an answer need not come"
	}
	return "goroutine never stops: " + q.Describe(s)
}

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
				Pos: s.Pos, Extended: s.Kind == event.Answer && q.InTest(s.Pos),
				Message: q.ignores(s) + q.AndReach(s.Stop),
				Remedy:  q.Staying(g, s),
			})
		}
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

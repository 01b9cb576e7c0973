package endless

import (
	"github.com/killcheck/killcheck/analyzer/event"
	"github.com/killcheck/killcheck/analyzer/program"
	"github.com/killcheck/killcheck/passes/internal/report"
)

// farLoops reports where a goroutine stays for ever in code of another package,
// which is given no stop signal and has none around it.
func (q *question) farLoops(g *program.Goroutine) {
	if g.Process {
		return
	}
	for _, s := range q.Faults().Fars(g) {
		if s.Stop.Expr == "" && !q.SaysForever(s.Pos) {
			q.Report(g, s.F, report.Finding{
				Pos: s.Pos, Extended: q.MayLast(g),
				Message: "goroutine never stops: " + s.What + orSay,
			})
		}
	}
}

// endlessLoops reports where a goroutine stays for ever that has no stop signal
// in reach.
func (q *question) endlessLoops(g *program.Goroutine) {
	for _, s := range q.Stays(g) {
		if s.Stop.Expr == "" {
			q.Report(g, s.F, report.Finding{
				Pos: s.Pos, Extended: s.Kind == event.NoExitStay && (q.MayLast(g) || q.OnlySignals(s)),
				Message: "goroutine never stops: " + q.Describe(s) + orSay,
				Remedy:  q.Staying(g, s),
			})
		}
	}
}

package unjoined

import (
	"github.com/killcheck/killcheck/analyzer/owner"
	"github.com/killcheck/killcheck/analyzer/program"
	"github.com/killcheck/killcheck/analyzer/verdict"
	"github.com/killcheck/killcheck/passes/internal/remedy"
	"github.com/killcheck/killcheck/passes/internal/report"
)

// unjoined reports the goroutines that a Stop or Close tells to end, and whose end
// nobody can wait for.
func (q *question) unjoined(gs []*program.Goroutine, o *owner.Owners) {
	for _, l := range o.Unjoined(gs) {
		ender := l.E.Ender
		msg := "goroutine may run on after " + ender + " of " + l.E.By.Name.Name() + " has returned: " + ender + " tells it to stop, but nobody can wait until it has ended"
		if l.Freed != "" {
			msg += ", and it may still use " + l.Freed + ", which " + ender + " closes"
		}
		raise := l.E.Raises[0].Pos()
		wait := remedy.Remedy{Op: remedy.Join, Pos: l.G.Site.Pos, Use: ender}
		if q.Verdicts().Of(l.G).Ending == verdict.Unknown {
			wait = remedy.Remedy{} // who waited for it might do so for ever
		}
		q.Report(l.G, nil, report.Finding{Pos: l.G.Site.Pos, End: l.G.Site.End, Extended: true, Message: msg, Remedy: wait},
			program.Step{Pos: q.Syn.Start(raise), End: q.Syn.End(raise), Text: "this tells it to stop"})
	}
}

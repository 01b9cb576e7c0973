package unreleased

import (
	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/leftopen"
	"github.com/killcheck/killcheck/analyzer/program"
	"github.com/killcheck/killcheck/passes/internal/report"
)

// unclosed reports the waits that only the close of a listener, a server or an end of a
// pipe would end, which the function that makes it leaves out, always or on some way.
// That nobody closes what others come to is extended: it may be meant to be there as
// long as the process.
func (q *question) unclosed(g *program.Goroutine) {
	for _, u := range leftopen.Find(q.Verdicts(), q.Handles(), g) {
		o := report.Finding{Pos: u.At, Extended: u.Lives || q.InCommand()}
		where := ""
		if u.Far != "" {
			where = " (" + u.Far + ")"
		}
		if !u.Ret.IsValid() {
			o.Message = "goroutine never stops" + where + ": only " + u.Name + " would end this, and nobody calls it"
			q.Report(g, u.F, o)
			continue
		}
		o.Message = "goroutine may never stop" + where + ": only " + u.Name + " would end this, and " + code.Outermost(u.Maker).Name() + " can return without it"
		q.Report(g, u.F, o, program.Step{Pos: u.Ret, End: u.Ret + 1, Text: "it can return here"})
	}
}

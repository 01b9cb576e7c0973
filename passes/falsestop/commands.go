package falsestop

import (
	"github.com/killcheck/killcheck/passes/internal/report"
)

// commands reports the waits for a process that leave what watches the context of
// its command.
func (q *question) commands() {
	for _, fn := range q.Functions {
		if !q.Graph.Live(fn) || fn.Synthetic != "" {
			continue
		}
		for _, s := range q.Handles().Unwaited(fn) {
			if !s.Wrong.IsValid() {
				continue
			}
			g, f := q.Runner(q.Goroutines, s.By)
			q.Report(g, f, report.Finding{
				Pos:     s.Wrong,
				Message: "stop has no effect: " + q.Syn.Callee(s.Wrong) + " leaves the goroutine that watches the context of the command, which the " + s.Ender + " of the command alone ends",
			}, q.StepAt(s.Pos, "the command and that goroutine start here"))
		}
	}
}

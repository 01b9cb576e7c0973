package falsestop

import (
	"github.com/killcheck/killcheck/analyzer/program"
	"github.com/killcheck/killcheck/passes/internal/report"
)

// drains reports receives that are to empty the channel of a timer whose value was
// received before.
func (s *stopper) drains() {
	q := s.q
	for _, d := range q.Drains(s.fn) {
		pos := d.In.Pos()
		ch := q.Syn.Channel(pos)
		s.report(report.Finding{
			Pos:     pos,
			Message: "stop does not end: " + q.Syn.Callee(d.Stop) + " is false as well if the value of " + ch + " was received before, and then nothing comes from it",
		}, program.Step{Pos: q.Syn.Start(d.Taken), End: q.Syn.End(d.Taken), Text: "the value is received here, and the timer need not be set again"})
	}
}

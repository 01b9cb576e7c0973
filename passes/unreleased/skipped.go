package unreleased

import (
	"slices"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/program"
	"github.com/killcheck/killcheck/passes/internal/report"
)

// skipped reports the waits for the end of a context whose cancel function is not
// called on some way through the function that makes it.
func (q *question) skipped(g *program.Goroutine) {
	if g.Process || q.EndsWithMain(g) {
		return
	}
	for _, s := range q.Skipped(g) {
		waits := "goroutine can wait for ever"
		if s.Loop {
			waits = "goroutine may never stop"
		}
		if s.Far != "" {
			waits += " (" + s.Far + ")"
		}
		var f *program.Frame
		if i := slices.IndexFunc(g.Frames, func(f *program.Frame) bool { return f.Fn == s.Fn }); i >= 0 {
			f = g.Frames[i]
		}
		q.Report(g, f, report.Finding{
			Pos: s.At, Extended: q.InTest(s.Ret),
			Message: waits + ": only " + s.Name + " would end this, and " + code.Outermost(s.Maker).Name() + " can return without the cancel",
		}, program.Step{Pos: s.Ret, End: s.Ret + 1, Text: "it can return here"})
	}
}

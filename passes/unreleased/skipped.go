package unreleased

import (
	"go/token"
	"slices"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/program"
	"github.com/killcheck/killcheck/analyzer/verdict"
	"github.com/killcheck/killcheck/passes/internal/report"
)

// skipped reports the waits for what one function alone raises, which is left out on
// some way through it. What is said of otherwise is not said again.
func (q *question) skipped(g *program.Goroutine, said map[token.Pos]bool) {
	if g.Process || q.EndsWithMain(g) {
		return
	}
	for _, s := range q.Skipped(g) {
		if said[s.At] {
			continue
		}
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
			Pos: s.At, Extended: s.Unsure || q.InTest(s.Leaves.Pos),
			Message: waits + ": only " + s.Name + " would end this, and " + code.Outermost(s.Maker).Name() + " can return without the " + leftOut(s.By),
		}, s.Leaves)
	}
}

// leftOut names what is left out.
func leftOut(by verdict.Action) string {
	switch by {
	case verdict.ByCancel:
		return "cancel"
	case verdict.BySend:
		return "send"
	case verdict.ByStore:
		return "store"
	}
	return "close"
}

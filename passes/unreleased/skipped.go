package unreleased

import (
	"slices"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/program"
	"github.com/killcheck/killcheck/passes/internal/report"
)

// skipped reports the waits for the end of a context, or those for the close of
// a channel, which is left out on some way through the function that makes it.
func (q *question) skipped(g *program.Goroutine, closes bool) {
	if g.Process || q.EndsWithMain(g) {
		return
	}
	for _, s := range q.Skipped(g) {
		if (s.Made != nil) != closes {
			continue
		}
		waits := "goroutine can wait for ever"
		if s.Loop {
			waits = "goroutine may never stop"
		}
		if s.Far != "" {
			waits += " (" + s.Far + ")"
		}
		left, unsure, step := "cancel", false, program.Step{Pos: s.Ret, End: s.Ret + 1, Text: "it can return here"}
		if s.Made != nil {
			var ok bool
			if step, unsure, ok = q.Peers().LeavesOpen(g, s.Made, s.Maker); !ok {
				continue // what is known on the way says that it is closed
			}
			left = "close"
		}
		var f *program.Frame
		if i := slices.IndexFunc(g.Frames, func(f *program.Frame) bool { return f.Fn == s.Fn }); i >= 0 {
			f = g.Frames[i]
		}
		q.Report(g, f, report.Finding{
			Pos: s.At, Extended: unsure || q.InTest(s.Ret),
			Message: waits + ": only " + s.Name + " would end this, and " + code.Outermost(s.Maker).Name() + " can return without the " + left,
		}, step)
	}
}

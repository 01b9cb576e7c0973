package report

import (
	"slices"

	"github.com/killcheck/killcheck/analyzer/program"
)

// Report records a finding unless one is known at its position. What a test leaves
// behind ends with the process soon after, and may be what it tests; and since it is
// run, what happens on one way only is not on the way on which it passes.
// The steps follow those from the spawn to the frame, if the goroutine is one that
// starts in the package.
func (q *Question) Report(g *program.Goroutine, f *program.Frame, o Finding, steps ...program.Step) {
	if !o.Pos.IsValid() || q.seen[o.Pos] || q.Documented(o.Pos) || o.OneWay && q.InTest(o.Pos) {
		return
	}
	if g != nil {
		if q.Documented(g.Site.Pos) {
			return
		}
		if g.Started() {
			o.Site = g.Site
			o.Path = q.path(g, f)
		}
	}
	q.seen[o.Pos] = true
	o.Extended = o.Extended || q.InTest(o.Pos) || q.ForTests(o.Pos) || q.TestsCall(o.Pos)
	for _, s := range steps {
		if s.Pos.IsValid() {
			o.Path = append(o.Path, s)
		}
	}
	if !o.End.IsValid() {
		o.End = q.Syn.End(o.Pos)
		o.Pos = q.Syn.Start(o.Pos)
	}
	q.found = append(q.found, o)
}

// path gives the way from the spawn to the frame.
func (q *Question) path(g *program.Goroutine, f *program.Frame) []program.Step {
	start := program.Step{Pos: g.Site.Pos, End: g.Site.End, Text: "the goroutine starts here"}
	if g.Site.Via != "" {
		start.Text = "the goroutine starts here, in " + g.Site.Via
	}
	var calls []program.Step
	for ; f != nil && f.Call != nil; f = f.From {
		pos := f.Call.Pos()
		calls = append(calls, program.Step{Pos: q.Syn.Start(pos), End: q.Syn.End(pos), Text: "it calls " + q.Syn.Callee(pos)})
	}
	slices.Reverse(calls)
	return append([]program.Step{start}, calls...)
}

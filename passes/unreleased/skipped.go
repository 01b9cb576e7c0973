package unreleased

import (
	"go/token"
	"slices"
	"strconv"

	"github.com/killcheck/killcheck/analyzer/circle"
	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/program"
	"github.com/killcheck/killcheck/analyzer/wake"
	"github.com/killcheck/killcheck/passes/internal/report"
)

// skipped reports the waits for what one function alone raises, which is left out on
// some way through it. What is said of otherwise is not said again.
func (q *question) skipped(g *program.Goroutine, said map[token.Pos]bool) {
	if g.Process || q.EndsWithMain(g) {
		return
	}
	for _, s := range q.Faults().Skipped(g) {
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
			Pos: s.At, Extended: s.Unsure || q.InTest(s.Leaves.Pos), OneWay: true,
			Message: waits + ": only " + s.Name + " would end this, and " + code.Outermost(s.Maker).Name() + " can return without the " + leftOut(s.By),
		}, s.Leaves)
	}
}

// leftOut names what is left out.
func leftOut(by wake.Action) string {
	switch by {
	case wake.ByCancel:
		return "cancel"
	case wake.BySend:
		return "send"
	case wake.ByStore:
		return "store"
	}
	return "close"
}

// gates reports the waits of goroutines for what was shut before they started, and may
// never be opened.
func (q *question) gates() {
	for _, x := range q.Raisers().Shut() {
		if x.G.Process || q.EndsWithMain(x.G) {
			continue
		}
		state, way := "holds "+x.Name+" when it starts", "giving it back"
		switch x.Kind {
		case circle.GroupGate:
			state, way = "has counted up "+x.Name+" when it starts", "calling Done"
			if x.Need > 1 {
				way = "calling Done " + strconv.Itoa(x.Need) + " times"
			}
		case circle.RoomGate:
			state, way = "has filled "+x.Name+" when it starts", "receiving from it"
			if x.Need > 1 {
				way += " " + strconv.Itoa(x.Need) + " times"
			}
		}
		where := ""
		if x.Far != "" {
			where = " (in " + x.Far + ")"
		}
		o := report.Finding{Pos: x.In.Pos(), Extended: x.Unsure || q.InTest(x.Shut.Pos()), OneWay: !x.Never}
		steps := []program.Step{q.StepAt(x.Shut.Pos(), "this shuts it")}
		if x.Never {
			o.Message = "goroutine waits for ever" + where + ": " + code.Outermost(x.Gate.By).Name() + " " + state + ", and nobody ends that"
		} else {
			o.Message = "goroutine can wait for ever" + where + ": " + code.Outermost(x.Left.By).Name() + " " + state + ", and can return without " + way
			steps = append(steps, x.Leaves)
		}
		q.Report(x.G, x.F, o, steps...)
	}
}

package detached

import (
	"slices"
	"strings"

	"github.com/killcheck/killcheck/analyzer/lost"
	"github.com/killcheck/killcheck/analyzer/program"
	"github.com/killcheck/killcheck/analyzer/verdict"
	"github.com/killcheck/killcheck/passes/internal/remedy"
	"github.com/killcheck/killcheck/passes/internal/report"
)

// detached finds goroutines that do not share the stop of the function that
// starts them, though it has one to give.
func (q *question) detached() {
	for _, g := range q.Goroutines {
		if c, ok := q.LeavesGroup(g); ok {
			q.severed(g, c, "goroutine does not stop with its group: "+q.Syn.Callee(c.Pos)+" gets the context that the group's own was derived from")
			continue
		}
		if q.Owners().Ends[g] != nil {
			continue
		}
		if c, ok := q.Severed(g); ok && !q.endsOtherwise(g, c) {
			callee := q.Syn.Callee(c.Pos)
			if c.Go {
				callee = "it"
			}
			q.severed(g, c, "goroutine does not stop with the function that starts it: "+callee+" gets a context that nobody cancels, although "+c.Stop.Ctx+" is in reach")
		}
	}
}

func (q *question) severed(g *program.Goroutine, c lost.Severed, message string) {
	o := report.Finding{Pos: c.Pos, Extended: true, Message: message}
	if c.Stop.Ctx != "" || c.Own { // the context of a group ends with it: what is kept would end as well
		o.Remedy = remedy.Remedy{Op: remedy.Forward, Pos: c.Pos, At: c.Made, Spawn: g.Site.Pos, Stop: c.Stop}
	}
	q.Report(g, c.F, o)
}

// endsOtherwise reports whether somebody ends the goroutine without the context that is in
// reach: by a close of what it works on.
func (q *question) endsOtherwise(g *program.Goroutine, c lost.Severed) bool {
	v := q.Verdicts().Of(g)
	return v.Ending == verdict.Stops && !slices.ContainsFunc(v.By, func(by string) bool { return strings.HasPrefix(by, c.Stop.Ctx+".") })
}

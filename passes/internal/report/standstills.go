package report

import (
	"slices"

	"github.com/killcheck/killcheck/analyzer/held"
	"github.com/killcheck/killcheck/analyzer/program"
)

// Standstills reports the sends, or the other waits, of runs that cannot come to their end,
// if nothing else was found to be wrong with the run, nor with a lock that it holds.
func (q *Question) Standstills(sends bool) {
	for _, x := range q.Stands() {
		if x.Sends != sends || slices.ContainsFunc(q.found, func(o Finding) bool { return x.Has(o.Pos) }) ||
			slices.ContainsFunc(q.Stalls(), func(s held.Stall) bool { return x.Has(s.Pos) }) {
			continue
		}
		o := Finding{Pos: x.Pos, Message: Subject(x.G) + " waits for ever: whatever way " + x.By.Name() + " and what it starts take, they wait for each other in the end"}
		var steps []program.Step
		if x.After.Pos.IsValid() {
			o.Message = Subject(x.G) + " can wait for ever: on one way through " + x.By.Name() + " nothing is left that could end this"
			steps = append(steps, x.After)
		}
		q.Report(x.G, x.F, o, steps...)
	}
}

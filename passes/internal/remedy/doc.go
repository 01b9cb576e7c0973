// Package remedy says what would let a goroutine stop, from the model alone. The
// builders of fixes turn it into text.
package remedy

import (
	"go/token"
	"slices"

	"github.com/killcheck/killcheck/analyzer/model"
)

// Remedies chooses remedies for the waits of a package.
type Remedies struct{ *model.Model }

// OwnerStops returns the remedies of all waits of the package that lack a stop
// signal which an object would have to give: one fix serves several of them.
func (rem *Remedies) OwnerStops() []Remedy {
	var all []Remedy
	seen := make(map[token.Pos]bool)
	add := func(r Remedy) {
		if r.Op == Owner && !seen[r.Pos] && !rem.Documented(r.Pos) {
			seen[r.Pos] = true
			all = append(all, r)
		}
	}
	for _, g := range rem.Goroutines {
		if rem.Documented(g.Site.Pos) {
			continue
		}
		for _, s := range rem.Stays(g) {
			add(rem.Staying(g, s))
		}
		for _, d := range rem.Deads(g) {
			add(rem.Waking(g, d))
		}
	}
	slices.SortStableFunc(all, func(a, b Remedy) int { return int(a.Pos) - int(b.Pos) })
	return all
}

// Joins returns the remedies of the goroutines that are told to stop and that
// nobody can wait for.
func (rem *Remedies) Joins() []Remedy {
	var all []Remedy
	for _, l := range rem.Owners().Unjoined(rem.Goroutines) {
		all = append(all, Remedy{Op: Join, Pos: l.G.Site.Pos, Use: l.E.Ender})
	}
	return all
}

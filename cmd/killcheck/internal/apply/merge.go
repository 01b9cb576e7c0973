package apply

import (
	"cmp"
	"maps"
	"slices"

	"github.com/killcheck/killcheck/cmd/killcheck/internal/finding"
)

// A Plan is what some fixes make of some files.
type Plan struct {
	Changes     []Change // sorted by name
	Fixes       int      // those that the changes hold
	Overlapping int      // fixes that have to wait, since they meet others
	Refused     int      // fixes that cannot be made, for the reasons in Left
	Left        []Left
}

// A Change is the new text of one file.
type Change struct {
	Name     string // as the findings name it
	Old, New []byte

	file  *file
	fixes []int // numbers of fixes, in order
}

// Left says why a file is left as it is.
type Left struct {
	Name   string
	Reason string
}

// Merge makes a plan of the fixes, in their order. The edits of a fix are taken
// all or none. Of fixes that meet, the first is taken; equal edits do not meet,
// and count once.
func Merge(fixes []finding.Fix, files *Files) *Plan {
	for {
		m := &merger{files: files, plan: new(Plan), edits: make(map[*file][]edit), fixes: make(map[*file][]int)}
		for i, fix := range fixes {
			m.add(i, fix)
		}
		if m.finish() {
			return m.plan
		}
		// A file came out wrong and is refused from now on.
	}
}

// An edit replaces bytes of one file.
type edit struct {
	start, end int
	text       string
}

// meets reports whether two edits share a place, their ends included: what
// stands first between two that touch would be a guess.
func (e edit) meets(o edit) bool { return e.start <= o.end && o.start <= e.end }

type merger struct {
	files *Files
	plan  *Plan
	edits map[*file][]edit // sorted, none meets another
	fixes map[*file][]int
}

// add takes a fix into the plan, or says why it cannot be.
func (m *merger) add(number int, fix finding.Fix) {
	own := make(map[*file][]edit)
	for _, e := range fix.Edits {
		f := m.files.open(e.File)
		reason := f.refusal
		switch {
		case reason != "":
		case e.Sum != f.sum:
			reason = reasonChanged
		case e.Start < 0 || e.Start > e.End || e.End > len(f.text):
			reason = "has a fix that lies outside of it" // cannot happen: the text is the one that was analysed
		}
		if reason != "" {
			m.plan.refuse(e.File, reason)
			m.plan.Refused++
			return
		}
		own[f] = append(own[f], edit{e.Start, e.End, e.New})
	}
	merged := make(map[*file][]edit)
	for f, edits := range own {
		all, ok := join(m.edits[f], edits)
		if !ok {
			m.plan.Overlapping++
			return
		}
		merged[f] = all
	}
	maps.Copy(m.edits, merged)
	for f := range merged {
		m.fixes[f] = append(m.fixes[f], number)
	}
	m.plan.Fixes++
}

// join adds the edits of one fix to those that are there. ok is false if they
// meet.
func join(there, own []edit) (all []edit, ok bool) {
	all = slices.Clone(there)
	for _, e := range own {
		i := slices.IndexFunc(all, e.meets)
		if i < 0 {
			all = append(all, e)
			continue
		}
		if all[i] == e {
			continue
		}
		both, ok := joinImports(all[i], e)
		if !ok {
			return nil, false
		}
		all[i] = both
	}
	slices.SortFunc(all, func(a, b edit) int { return cmp.Compare(a.start, b.start) })
	return all, true
}

// finish makes the texts. It reports whether all of them are Go.
func (m *merger) finish() (ok bool) {
	ok = true
	for f, edits := range m.edits {
		text, err := rewrite(f.text, edits)
		if err != nil {
			f.refusal = "would not be Go any more, which is a fault of killcheck: " + err.Error()
			ok = false
			continue
		}
		m.plan.Changes = append(m.plan.Changes, Change{Name: f.name, Old: f.text, New: text, file: f, fixes: m.fixes[f]})
	}
	slices.SortFunc(m.plan.Changes, func(a, b Change) int { return cmp.Compare(a.Name, b.Name) })
	return ok
}

// refuse notes, once for each file, why it is left.
func (p *Plan) refuse(name, reason string) {
	left := Left{name, reason}
	if !slices.Contains(p.Left, left) {
		p.Left = append(p.Left, left)
	}
}

// groups returns the changes that have to be made together, since fixes span
// them.
func (p *Plan) groups() [][]Change {
	var groups [][]Change
	for _, c := range p.Changes {
		group := []Change{c}
		apart := groups[:0:0]
		for _, g := range groups {
			if slices.ContainsFunc(g, func(other Change) bool { return shares(other.fixes, c.fixes) }) {
				group = append(g, group...)
			} else {
				apart = append(apart, g)
			}
		}
		groups = append(apart, group)
	}
	return groups
}

func shares(a, b []int) bool {
	return slices.ContainsFunc(a, func(n int) bool { return slices.Contains(b, n) })
}

// count returns how many different fixes the changes hold.
func count(group []Change) int {
	seen := make(map[int]bool)
	for _, c := range group {
		for _, n := range c.fixes {
			seen[n] = true
		}
	}
	return len(seen)
}

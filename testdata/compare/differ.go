package main

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// A difference is what the two sides say of one input. Each row is a line to
// print.
type difference struct {
	gone, new      []string            // findings
	changed, fixes []string            // findings that both have, and their fixes
	mapGone        []string            // goroutines
	mapNew         []string            // goroutines
	mapChanged     map[string][]string // goroutines that both have, by the kind of the change
	notes          []string
}

// A tally counts what differs in all inputs.
type tally struct {
	gone, new, changed, fixes int
	mapGone, mapNew           int
	mapChanged                map[string]int
	notes                     int
}

func (t *tally) add(d difference) {
	t.gone, t.new, t.changed, t.fixes = t.gone+len(d.gone), t.new+len(d.new), t.changed+len(d.changed), t.fixes+len(d.fixes)
	t.mapGone, t.mapNew = t.mapGone+len(d.mapGone), t.mapNew+len(d.mapNew)
	t.notes += len(d.notes)
	if t.mapChanged == nil {
		t.mapChanged = make(map[string]int)
	}
	for kind, rows := range d.mapChanged {
		t.mapChanged[kind] += len(rows)
	}
}

func (t *tally) differs() bool {
	return t.gone+t.new+t.changed+t.fixes+t.mapGone+t.mapNew+len(t.mapChanged)+t.notes > 0
}

// A pair is one thing as both sides see it.
type pair[T any] struct{ before, after T }

// match pairs what is alike: by the first key as far as that goes, what is left by
// the second, and so on. The rest is gone or new.
func match[T any](before, after []T, keys ...func(T) string) (pairs []pair[T], gone, added []T) {
	for _, key := range keys {
		have := make(map[string][]int)
		for i, x := range after {
			have[key(x)] = append(have[key(x)], i)
		}
		taken := make([]bool, len(after))
		var rest []T
		for _, x := range before {
			k := key(x)
			if len(have[k]) == 0 {
				rest = append(rest, x)
				continue
			}
			i := have[k][0]
			have[k], taken[i] = have[k][1:], true
			pairs = append(pairs, pair[T]{x, after[i]})
		}
		var left []T
		for i, x := range after {
			if !taken[i] {
				left = append(left, x)
			}
		}
		before, after = rest, left
	}
	return pairs, before, after
}

// differ compares what two sides say.
func differ(before, after *said) difference {
	d := difference{mapChanged: make(map[string][]string)}
	found, gone, added := match(before.findings, after.findings,
		func(f finding) string { return fmt.Sprint(f.String(), f.fields, f.Fixes) },
		finding.String,
		func(f finding) string { return fmt.Sprint(f.Check, f.File, f.Line) },
		func(f finding) string { return fmt.Sprint(f.Check, f.File, f.Message) })
	for _, p := range found {
		if row := changedFields(p); row != "" {
			d.changed = append(d.changed, "~ "+p.before.String()+row)
		}
		if row := changedFixes(p); row != "" {
			d.fixes = append(d.fixes, "~ "+p.before.String()+row)
		}
	}
	d.gone, d.new = rows("- ", gone), rows("+ ", added)
	slices.Sort(d.changed)
	slices.Sort(d.fixes)

	mapped, ended, started := match(before.goroutines, after.goroutines,
		func(g goroutine) string { return g.String() + g.path },
		func(g goroutine) string { return g.posn + g.runs },
		func(g goroutine) string { return g.posn })
	for _, p := range mapped {
		if kind, row := changedVerdict(p); kind != "" {
			d.mapChanged[kind] = append(d.mapChanged[kind], row)
		}
	}
	for kind := range d.mapChanged {
		slices.Sort(d.mapChanged[kind])
	}
	d.mapGone, d.mapNew = rows("- ", ended), rows("+ ", started)

	_, resolved, arisen := match(before.notes, after.notes, func(s string) string { return s })
	for _, n := range resolved {
		d.notes = append(d.notes, "- "+n)
	}
	for _, n := range arisen {
		d.notes = append(d.notes, "+ "+n)
	}
	return d
}

func rows[T fmt.Stringer](mark string, all []T) []string {
	var lines []string
	for _, x := range all {
		lines = append(lines, mark+x.String())
	}
	slices.Sort(lines)
	return lines
}

// changedFields says which fields of a finding differ, fixes aside; nothing if
// none does.
func changedFields(p pair[finding]) string {
	names := slices.Collect(maps.Keys(p.before.fields))
	names = slices.AppendSeq(names, maps.Keys(p.after.fields))
	slices.Sort(names)
	row := ""
	for _, name := range slices.Compact(names) {
		if a, b := p.before.fields[name], p.after.fields[name]; a != b {
			row += fmt.Sprintf("\n%s: %s\n-> %s", name, cmp.Or(a, "none"), cmp.Or(b, "none"))
		}
	}
	return row
}

// changedFixes says how the fixes of a finding differ; nothing if they do not.
func changedFixes(p pair[finding]) string {
	a, b := p.before.Fixes, p.after.Fixes
	row := ""
	for i := range max(len(a), len(b)) {
		switch {
		case i >= len(a):
			row += fmt.Sprintf("\nfix %d: new: %s (%s)", i+1, b[i].Message, b[i].Level)
			continue
		case i >= len(b):
			row += fmt.Sprintf("\nfix %d: gone: %s (%s)", i+1, a[i].Message, a[i].Level)
			continue
		}
		for _, field := range []struct{ name, before, after string }{
			{"message", a[i].Message, b[i].Message},
			{"level", a[i].Level, b[i].Level},
			{"edits", compact(a[i].Edits), compact(b[i].Edits)},
		} {
			if field.before != field.after {
				row += fmt.Sprintf("\nfix %d: %s: %s\n-> %s", i+1, field.name, field.before, field.after)
			}
		}
	}
	return row
}

// changedVerdict says how the map's word on a goroutine differs; nothing if it
// does not.
func changedVerdict(p pair[goroutine]) (kind, row string) {
	a, b := p.before, p.after
	var what []string
	for _, field := range []struct{ name, before, after string }{
		{"other verdict", a.verdict, b.verdict}, {"runs something else", a.runs, b.runs}, {"other reasons", a.path, b.path},
	} {
		if field.before != field.after {
			what = append(what, field.name)
		}
	}
	switch {
	case len(what) == 0:
		return "", ""
	case a.kind() != b.kind():
		kind = a.kind() + " -> " + b.kind()
	default:
		kind = a.kind() + ", " + strings.Join(what, ", ")
	}
	return kind, "~ " + a.String() + a.path + "\n-> " + strings.TrimPrefix(b.String(), a.posn+": ") + b.path
}

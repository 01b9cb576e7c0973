package main

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
)

// A printer writes what differs.
type printer struct {
	out   io.Writer
	limit int // rows of each sort; 0 for all
}

// input prints one input.
func (p *printer) input(name string, d difference, after *said) {
	var t tally
	t.add(d)
	state := "the same"
	if t.differs() {
		state = "differs"
	}
	fmt.Fprintf(p.out, "%s: %s (findings: %d, goroutines: %d)\n", name, state, len(after.findings), len(after.goroutines))
	p.rows("findings gone", d.gone)
	p.rows("findings new", d.new)
	p.rows("findings changed", d.changed)
	p.rows("fixes changed", d.fixes)
	p.rows("goroutines gone", d.mapGone)
	p.rows("goroutines new", d.mapNew)
	for _, kind := range slices.Sorted(maps.Keys(d.mapChanged)) {
		p.rows("map: "+kind, d.mapChanged[kind])
	}
	p.rows("complaints", d.notes)
	if after.incomplete {
		p.rows("not everything was analysed", after.notes)
	}
}

func (p *printer) rows(title string, rows []string) {
	if len(rows) == 0 {
		return
	}
	fmt.Fprintf(p.out, "  %s: %d\n", title, len(rows))
	for i, row := range rows {
		if p.limit > 0 && i == p.limit {
			fmt.Fprintf(p.out, "    and %d more\n", len(rows)-i)
			break
		}
		fmt.Fprintf(p.out, "    %s\n", strings.ReplaceAll(row, "\n", "\n        "))
	}
}

// total prints the sums over all inputs.
func (p *printer) total(inputs int, t tally, incomplete int) {
	fmt.Fprintf(p.out, "\nall (%d): findings: %d gone, %d new, %d changed; fixes: %d changed; goroutines: %d gone, %d new\n",
		inputs, t.gone, t.new, t.changed, t.fixes, t.mapGone, t.mapNew)
	for _, kind := range slices.Sorted(maps.Keys(t.mapChanged)) {
		fmt.Fprintf(p.out, "map: %s: %d\n", kind, t.mapChanged[kind])
	}
	if t.notes > 0 {
		fmt.Fprintf(p.out, "complaints that differ: %d\n", t.notes)
	}
	if incomplete > 0 {
		fmt.Fprintf(p.out, "not everything was analysed: %d\n", incomplete)
	}
	if !t.differs() {
		fmt.Fprintln(p.out, "nothing differs")
	}
}

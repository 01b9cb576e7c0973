package main

import (
	"fmt"
	"path/filepath"
)

// leaks shows that each program leaks when it runs, that killcheck reports it
// with the expected check, and that the fixes of killcheck cure it: the safe
// ones, or those that need a review.
func leaks(e *env) (*outcome, error) {
	dir := filepath.Join(e.dir, "leaks")
	rows, err := readTable(filepath.Join(dir, "leaks.tsv"), 3)
	if err != nil {
		return nil, err
	}
	if err := complete(dir, "judge", rows); err != nil {
		return nil, err
	}
	e.sayf("leaks: analysing them")
	all, err := e.tool.check(dir)
	if err != nil {
		return nil, err
	}
	found := byPackage(all, "example.com/leaks")
	var names []string
	for _, row := range rows {
		names = append(names, row[0])
	}
	before := e.judgeAll("leaks", dir, names, 1)
	cures, err := e.cures(dir, "example.com/leaks", before, 1)
	if err != nil {
		return nil, err
	}
	o := &outcome{}
	t := newTable("program", "as written", "expected", "reported", "fix", "after safe", "after all", "left")
	var any, hits int
	sum := &cured{}
	for _, row := range rows {
		name, check := row[0], row[1]
		if !leaked(before[name]) {
			o.breakf("%s: %s", name, before[name])
		}
		if len(found[name]) > 0 {
			any++
		}
		if reports(found[name], check) {
			hits++
		} else {
			o.shortf("%s: want %s, got: %s", name, check, describe(found[name]))
		}
		if v := cures[row[2]].verdicts[name]; v != clean {
			o.shortf("%s: after %s fixes: %s", name, row[2], v)
		}
		sum.add(before[name], cures, name)
		t.row(name, before[name], check, listed(found[name]), row[2], cures[safe].verdicts[name], cures[review].verdicts[name], listed(cures[review].left[name]))
	}
	t.flush()
	fmt.Printf("leaks: reported %d of %d, by the expected check %d; %v\n", any, len(rows), hits, sum)
	return o, nil
}

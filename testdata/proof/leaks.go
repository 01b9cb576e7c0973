package main

import (
	"fmt"
	"os"
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
	all, err := e.tool.check(dir)
	if err != nil {
		return nil, err
	}
	found := byPackage(all, "example.com/leaks")
	cures := map[string]*cure{}
	for _, level := range []string{"safe", "review"} {
		if cures[level], err = applyFixes(e, dir, level, rows); err != nil {
			return nil, err
		}
	}
	var names []string
	for _, row := range rows {
		names = append(names, row[0])
	}
	before := e.judgeAll(dir, names)
	o := &outcome{}
	t := newTable("program", "as written", "expected", "reported", "fix", "after fix", "re-run")
	var any, hits, cured int
	for _, row := range rows {
		name, check := row[0], row[1]
		c := cures[row[2]]
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
		if c.verdicts[name] == "clean" {
			cured++
		} else {
			o.shortf("%s: after %s fixes: %s", name, row[2], c.verdicts[name])
		}
		t.row(name, before[name], check, listed(found[name]), row[2], c.verdicts[name], listed(c.left[name]))
	}
	t.flush()
	fmt.Printf("leaks: reported %d of %d, by the expected check %d, clean after the fix %d\n", any, len(rows), hits, cured)
	return o, nil
}

// A cure is what the fixes of one level did to the programs.
type cure struct {
	left     map[string][]finding // still reported, by program
	verdicts map[string]string    // of the programs of that level
}

// applyFixes fixes a copy of the programs and runs those of the given level.
func applyFixes(e *env, dir, level string, rows [][]string) (*cure, error) {
	copied := filepath.Join(e.tmp, "leaks-"+level)
	if err := os.CopyFS(copied, os.DirFS(dir)); err != nil {
		return nil, err
	}
	left, err := e.tool.fix(copied, level == "review")
	if err != nil {
		return nil, err
	}
	var names []string
	for _, row := range rows {
		if row[2] == level {
			names = append(names, row[0])
		}
	}
	return &cure{byPackage(left, "example.com/leaks"), e.judgeAll(copied, names)}, nil
}

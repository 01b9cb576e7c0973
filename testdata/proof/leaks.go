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
	all, err := e.tool.check(dir)
	if err != nil {
		return nil, err
	}
	found := byPackage(all, "example.com/leaks")
	fixed := map[string]string{}
	for _, level := range []string{"safe", "review"} {
		fixed[level] = filepath.Join(e.tmp, "leaks-"+level)
		if err := os.CopyFS(fixed[level], os.DirFS(dir)); err != nil {
			return nil, err
		}
		if err := e.tool.fix(fixed[level], level == "review"); err != nil {
			return nil, err
		}
	}
	o := &outcome{}
	t := newTable("program", "as written", "reported", "as", "fix", "after fix")
	var reported, cured int
	for _, row := range rows {
		name, check, level := row[0], row[1], row[2]
		before := e.judge(dir, name)
		if !leaked(before) {
			o.breakf("%s: %s", name, before)
		}
		hit := reports(found[name], check)
		after := e.judge(fixed[level], name)
		if hit {
			reported++
		} else {
			o.shortf("%s: want %s, got: %s", name, check, describe(found[name]))
		}
		if after == "clean" {
			cured++
		} else {
			o.shortf("%s: after %s fixes: %s", name, level, after)
		}
		t.row(name, before, mark(hit), fmt.Sprint(checksOf(found[name])), level, after)
	}
	t.flush()
	fmt.Printf("leaks: reported %d of %d, clean after the fix %d of %d\n", reported, len(rows), cured, len(rows))
	return o, nil
}

package main

import (
	"fmt"
	"path/filepath"
)

// pairs shows that one program of each pair leaks and the other one does not,
// and that killcheck tells them apart.
func pairs(e *env) (*outcome, error) {
	dir := filepath.Join(e.dir, "pairs")
	rows, err := readTable(filepath.Join(dir, "pairs.tsv"), 2)
	if err != nil {
		return nil, err
	}
	all, err := e.tool.check(dir)
	if err != nil {
		return nil, err
	}
	found := byPackage(all, "example.com/pairs")
	o := &outcome{}
	t := newTable("pair", "check", "leak runs", "leak", "ok runs", "ok", "checks")
	var reported, twins int
	for _, row := range rows {
		name, check := row[0], row[1]
		leak, ok := found[name+"/leak"], found[name+"/ok"]
		leakRun, okRun := e.judge(dir, name+"/leak"), e.judge(dir, name+"/ok")
		if !leaked(leakRun) {
			o.breakf("%s/leak: %s", name, leakRun)
		}
		if okRun != "clean" {
			o.breakf("%s/ok: %s", name, okRun)
		}
		hit := reports(leak, check)
		if hit {
			reported++
		} else {
			o.shortf("%s: want %s, got: %s", name, check, describe(leak))
		}
		verdict := "silent"
		if len(ok) > 0 {
			twins++
			verdict = "reported"
			o.shortf("%s/ok: %s", name, describe(ok))
		}
		t.row(name, check, leakRun, mark(hit), okRun, verdict, fmt.Sprint(checksOf(leak)))
	}
	t.flush()
	fmt.Printf("pairs: reported %d of %d, fixed twins reported %d\n", reported, len(rows), twins)
	return o, nil
}

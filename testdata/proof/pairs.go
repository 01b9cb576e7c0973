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
	if err := complete(dir, "", rows); err != nil {
		return nil, err
	}
	all, err := e.tool.check(dir)
	if err != nil {
		return nil, err
	}
	found := byPackage(all, "example.com/pairs")
	o := &outcome{}
	var programs []string
	for _, row := range rows {
		programs = append(programs, row[0]+"/leak", row[0]+"/ok")
	}
	verdicts := e.judgeAll(dir, programs)
	t := newTable("pair", "leak runs", "expected", "reported", "ok runs", "reported")
	var any, hits, twins int
	for _, row := range rows {
		name, check := row[0], row[1]
		leak, ok := found[name+"/leak"], found[name+"/ok"]
		leakRun, okRun := verdicts[name+"/leak"], verdicts[name+"/ok"]
		if !leaked(leakRun) {
			o.breakf("%s/leak: %s", name, leakRun)
		}
		if okRun != "clean" {
			o.breakf("%s/ok: %s", name, okRun)
		}
		if len(leak) > 0 {
			any++
		}
		if reports(leak, check) {
			hits++
		} else {
			o.shortf("%s: want %s, got: %s", name, check, describe(leak))
		}
		if len(ok) > 0 {
			twins++
			o.shortf("%s/ok: %s", name, describe(ok))
		}
		t.row(name, leakRun, check, listed(leak), okRun, listed(ok))
	}
	t.flush()
	fmt.Printf("pairs: reported %d of %d, by the expected check %d, fixed twins reported %d\n", any, len(rows), hits, twins)
	return o, nil
}

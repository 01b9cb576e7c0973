package main

import (
	"fmt"
	"path/filepath"
)

// pairs shows that one program of each pair leaks and the other one does not,
// that killcheck tells them apart, and what its fixes make of the one that leaks.
func pairs(e *env) (*outcome, error) {
	dir := filepath.Join(e.dir, "pairs")
	rows, err := readTable(filepath.Join(dir, "pairs.tsv"), 2)
	if err != nil {
		return nil, err
	}
	if err := complete(dir, "", rows); err != nil {
		return nil, err
	}
	e.sayf("pairs: analysing them")
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
	verdicts := e.judgeAll("pairs", dir, programs, 1)
	cures, err := e.cures(dir, "example.com/pairs", verdicts, 1, filepath.Join(e.dir, "leaks"))
	if err != nil {
		return nil, err
	}
	t := newTable("pair", "leak runs", "expected", "reported", "after safe", "after all", "left", "ok runs", "reported")
	sum := &cured{}
	var any, hits, twins int
	for _, row := range rows {
		name, check := row[0], row[1]
		leak, ok := found[name+"/leak"], found[name+"/ok"]
		leakRun, okRun := verdicts[name+"/leak"], verdicts[name+"/ok"]
		if !leaked(leakRun) {
			o.breakf("%s/leak: %s", name, leakRun)
		}
		if okRun != clean {
			o.breakf("%s/ok: %s", name, okRun)
		}
		for _, level := range levels {
			if v := cures[level].verdicts[name+"/ok"]; v != clean {
				o.breakf("%s/ok after %s fixes: %s", name, level, v)
			}
		}
		if v := cures[review].verdicts[name+"/leak"]; v != clean {
			o.shortf("%s/leak after all fixes: %s", name, v)
		}
		sum.add(leakRun, cures, name+"/leak")
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
		t.row(name, leakRun, check, listed(leak), cures[safe].verdicts[name+"/leak"], cures[review].verdicts[name+"/leak"],
			listed(cures[review].left[name+"/leak"]), okRun, listed(ok))
	}
	t.flush()
	fmt.Printf("pairs: reported %d of %d, by the expected check %d, fixed twins reported %d; %v\n", any, len(rows), hits, twins, sum)
	return o, nil
}

package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path"
	"slices"
	"strings"
	"text/tabwriter"
)

// A row is what killcheck -fix and killcheck -fix -review did to one repository.
type row struct {
	name                   string
	findings, core         int
	safe, review, coreFix  int // findings whose first fix has the level; core ones with any
	built, applied         int // of the fixes, made all at once
	edited                 [2]int
	complaints             [2]int
	before, after, flaking [2]int // tests that pass in the edited packages
	lost                   [2][]string
	left                   [2]int // findings of the same packages
}

// byCommand lets killcheck itself fix the copy, with the safe fixes and then with
// all, and compares the tests of the packages that it edits.
func (r *repository) byCommand() error {
	r.row = &row{name: r.name, findings: len(r.sites)}
	for _, s := range r.sites {
		core := s.finding != nil && s.finding.Tier == "core"
		if core {
			r.row.core++
		}
		if s.fix == nil {
			continue
		}
		if core {
			r.row.coreFix++
		}
		if s.fix.Level == "safe" {
			r.row.safe++
		} else {
			r.row.review++
		}
	}
	if r.row.safe+r.row.review == 0 {
		return nil
	}
	broken := r.texts() // with the faults, if some were made
	changed := r.apply()
	for _, s := range r.sites {
		if s.applied {
			r.row.applied++
		}
		if s.applied && s.built {
			r.row.built++
		}
		if s.fix != nil && s.why != "" {
			fmt.Printf("%s: %s:%d: %s\n", r.name, s.file, s.finding.Line, s.why)
		}
	}
	if err := r.restore(broken); err != nil {
		return err
	}
	before := make(map[string]map[string]bool) // by package
	ran := make(map[string]bool)
	for step, flags := range [][]string{{"-fix"}, {"-fix", "-review"}} {
		if err := r.restore(broken); err != nil {
			return err
		}
		left, err := r.report(changed, flags...)
		if err != nil {
			return err
		}
		r.row.left[step] = len(left)
		fixed := r.texts()
		folders := make(map[string]bool)
		for name, text := range fixed {
			if string(broken[name]) != string(text) {
				r.row.edited[step]++
				folders["./"+path.Dir(name)] = true
			}
		}
		if len(folders) == 0 {
			continue
		}
		packages := slices.Sorted(maps.Keys(folders))
		if complaints := r.built(packages); len(complaints) > 0 {
			if err := r.restore(broken); err != nil {
				return err
			}
			was := r.built(packages) // the copy may lack generated files
			if err := r.restore(fixed); err != nil {
				return err
			}
			for _, c := range complaints {
				if !slices.Contains(was, c) {
					r.row.complaints[step]++
					fmt.Printf("%s: killcheck %s: %s\n", r.name, strings.Join(flags, " "), c)
				}
			}
		}
		if !r.tests {
			continue
		}
		var fresh []string
		for _, p := range packages {
			if !ran[p] {
				fresh = append(fresh, p)
				ran[p] = true
			}
		}
		if len(fresh) > 0 {
			if err := r.restore(nil); err != nil {
				return err
			}
			for _, p := range fresh {
				before[p] = r.outcomes([]string{p}, "")
			}
			if err := r.restore(fixed); err != nil {
				return err
			}
		}
		r.compare(step, packages, before, r.outcomes(packages, ""))
	}
	return nil
}

// restore undoes all edits of the copy, and writes these texts.
func (r *repository) restore(texts map[string][]byte) error {
	if out, err := r.output("git", "checkout", "-q", "--", "."); err != nil {
		return fmt.Errorf("%w\n%s", err, out)
	}
	return r.write(texts)
}

// compare counts the tests that pass before and after. Those that fail or do not
// end afterwards get two more chances.
func (r *repository) compare(step int, packages []string, before map[string]map[string]bool, after map[string]bool) {
	var failed []string
	for _, p := range packages {
		for test, was := range before[p] {
			switch {
			case !was:
				continue
			case after[test]:
				r.row.after[step]++
			default:
				failed = append(failed, test)
			}
			r.row.before[step]++
		}
	}
	slices.Sort(failed)
	for _, test := range failed {
		pkg, name, _ := strings.Cut(test, " ")
		passes := false
		for range 2 {
			passes = passes || r.outcomes([]string{pkg}, "^"+name+"$")[test]
		}
		if passes {
			r.row.flaking[step]++
			r.row.after[step]++
			continue
		}
		r.row.lost[step] = append(r.row.lost[step], test)
		fmt.Printf("%s: passed before and fails now: %s\n", r.name, test)
	}
}

// outcomes runs the tests of packages, one package at a time, and reports for
// each top-level test whether it passed. Tests that did not end are left out.
func (r *repository) outcomes(packages []string, run string) map[string]bool {
	passed := make(map[string]bool)
	args := []string{"test", "-json", "-short", "-vet=off", "-p=1", "-timeout=" + r.timeout.String()}
	if run != "" {
		args = append(args, "-run="+run)
	}
	out, _ := r.output("go", append(args, packages...)...) // the events tell
	for line := range strings.Lines(out) {
		var event struct{ Action, Package, Test string }
		if json.Unmarshal([]byte(line), &event) != nil || event.Test == "" || strings.Contains(event.Test, "/") {
			continue
		}
		switch event.Action {
		case "pass", "fail":
			passed[event.Package+" "+event.Test] = event.Action == "pass"
		}
	}
	return passed
}

// printRows prints the table of all repositories.
func printRows(rows []*row) {
	fmt.Println()
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "repository\tfindings\tcore\tcore with fix\tsafe\treview\tapplied\tbuild\tstep\tfiles\tcomplaints\ttests before\tpass after\tflaking\tleft\t")
	sum := &row{name: "all"}
	for _, r := range rows {
		sum.findings += r.findings
		sum.core += r.core
		sum.coreFix += r.coreFix
		sum.safe += r.safe
		sum.review += r.review
		sum.applied += r.applied
		sum.built += r.built
		for i := range 2 {
			sum.edited[i] += r.edited[i]
			sum.complaints[i] += r.complaints[i]
			sum.before[i] += r.before[i]
			sum.after[i] += r.after[i]
			sum.flaking[i] += r.flaking[i]
			sum.left[i] += r.left[i]
		}
	}
	for _, r := range append(slices.Clone(rows), sum) {
		fmt.Fprintf(w, "%s\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t", r.name, r.findings, r.core, r.coreFix, r.safe, r.review, r.applied, r.built)
		for i, step := range []string{"-fix", "-review"} {
			if i > 0 {
				fmt.Fprint(w, "\t\t\t\t\t\t\t\t")
			}
			fmt.Fprintf(w, "%s\t%d\t%d\t%d\t%d\t%d\t%d\t\n", step, r.edited[i], r.complaints[i], r.before[i], r.after[i], r.flaking[i], r.left[i])
		}
	}
	w.Flush()
}

package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"text/tabwriter"
)

// A finding is one report of killcheck.
type finding struct {
	Check   string `json:"check"`
	Message string `json:"message"`
	File    string `json:"file"`
	Line    int    `json:"line"`
}

// findings runs all checks on the module.
func (m *module) findings(killcheck string) ([]finding, error) {
	var report struct {
		Findings    []finding `json:"findings"`
		NotAnalysed []struct{ Package, Reason string }
	}
	cmd := exec.Command(killcheck, "-checks=all", "-format=json", "./...")
	cmd.Dir = m.dir
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	err := cmd.Run()
	var exit *exec.ExitError
	if errors.As(err, &exit) && exit.ExitCode() == 1 {
		err = nil // findings
	}
	if err != nil {
		return nil, fmt.Errorf("killcheck: %w\n%s", err, errs.Bytes())
	}
	if err := json.Unmarshal(out.Bytes(), &report); err != nil {
		return nil, fmt.Errorf("output of killcheck: %w", err)
	}
	if len(report.NotAnalysed) > 0 {
		p := report.NotAnalysed[0]
		return nil, fmt.Errorf("killcheck could not analyse %s: %s", p.Package, p.Reason)
	}
	return report.Findings, nil
}

// A count is of functions of one sort.
type count struct{ all, reported int }

// measure compares the findings with the fates, and reports whether they agree well
// enough. That nobody waits for a goroutine (unjoined) says nothing of its fate.
func (m *module) measure(killcheck string, least float64, verbose bool) (bool, error) {
	all, err := m.findings(killcheck)
	if err != nil {
		return false, err
	}
	said := map[*unit][]string{}
	for _, f := range all {
		if f.Check == "unjoined" {
			continue
		}
		u := m.at(f.File, f.Line)
		if u == nil {
			return false, fmt.Errorf("a finding at no function: %s:%d: %s", f.File, f.Line, f.Message)
		}
		said[u] = append(said[u], fmt.Sprintf("%d: %s: %s", f.Line, f.Check, f.Message))
	}
	kinds, forms := newCounts(), newCounts()
	var stops, stuck count
	for _, u := range m.units {
		reported := len(said[u]) > 0
		wrong, sum := "missed", &stuck
		if u.breakage == "" {
			wrong, sum = "flagged", &stops
		}
		sum.add(reported)
		kinds.add(u.kind.name, u.breakage, reported)
		forms.add("body in a "+u.body, u.breakage, reported)
		forms.add("start by "+u.starter, u.breakage, reported)
		if verbose && reported == (u.breakage == "") {
			p := u.places[0]
			fmt.Printf("%s: %s %s, %s, %s, %s:%d %s\n", wrong, u.kind.name, u.breakage, u.body, u.starter, p.file, p.from, strings.Join(said[u], "; "))
		}
	}
	forms.print("form", false)
	kinds.print("kind", true)
	share := 100 * float64(stuck.reported) / float64(max(stuck.all, 1))
	fmt.Printf("fates: %d that stop, %d of them reported; %d that cannot, %d found (%.1f %%)\n", stops.all, stops.reported, stuck.all, stuck.reported, share)
	return stops.reported == 0 && share >= least, nil
}

func (c *count) add(reported bool) {
	c.all++
	if reported {
		c.reported++
	}
}

// counts are by a name and a breakage, in the order in which the names came.
type counts struct {
	names  []string
	breaks map[string][]string
	of     map[[2]string]*count
}

func newCounts() *counts {
	return &counts{breaks: map[string][]string{}, of: map[[2]string]*count{}}
}

func (c *counts) add(name, breakage string, reported bool) {
	key := [2]string{name, breakage}
	if c.of[key] == nil {
		if c.breaks[name] == nil {
			c.names = append(c.names, name)
		}
		c.breaks[name] = append(c.breaks[name], breakage)
		c.of[key] = &count{}
	}
	c.of[key].add(reported)
}

// print prints a row for each name, with what stops and what does not, and, if it is
// asked for, one for each breakage.
func (c *counts) print(title string, each bool) {
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintf(w, "%s\tstop\tflagged\tcannot\tfound\tmissed\n", title)
	for _, name := range sorted(c.names) {
		var stops, stuck count
		for _, b := range c.breaks[name] {
			n, sum := c.of[[2]string{name, b}], &stuck
			if b == "" {
				sum = &stops
			}
			sum.all, sum.reported = sum.all+n.all, sum.reported+n.reported
		}
		fmt.Fprintf(w, "%s\t%d\t%d\t%d\t%d\t%d\n", name, stops.all, stops.reported, stuck.all, stuck.reported, stuck.all-stuck.reported)
		for _, b := range sorted(c.breaks[name]) {
			if n := c.of[[2]string{name, b}]; each && b != "" {
				fmt.Fprintf(w, "  %s\t\t\t%d\t%d\t%d\n", b, n.all, n.reported, n.all-n.reported)
			}
		}
	}
	w.Flush()
	fmt.Println()
}

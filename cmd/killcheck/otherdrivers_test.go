package main

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestOtherDrivers runs the drivers of x/tools on the module testdata/drivers, with
// the Analyzer of each check as it stands in its package. They must say what the
// command line says, with -checks=all: file, line, check and message. Only what the
// check of directives says is missing, which has no Analyzer of its own, since it
// needs the others.
func TestOtherDrivers(t *testing.T) {
	long(t)
	dir, err := filepath.Abs("../../testdata/drivers")
	if err != nil {
		t.Fatal(err)
	}
	tool := filepath.Join(t.TempDir(), "otherdrivers.exe")
	if out, err := exec.Command("go", "build", "-o", tool, "../../testdata/otherdrivers").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	run := func(driver, name string, args ...string) string {
		cmd := exec.Command(name, args...)
		cmd.Dir = dir
		cmd.Env = append(os.Environ(), asTool+"=1", "DRIVER="+driver, "GOFLAGS=", "GOWORK=off")
		out, err := cmd.Output() // findings may make it fail
		if len(out) == 0 {
			t.Fatalf("%s: %v", driver, err)
		}
		return string(out)
	}
	var report struct {
		Findings []struct {
			Check, File, Message string
			Line                 int
		}
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(run("", self, "-checks=all,-directive", "-format=json", "./...")), &report); err != nil {
		t.Fatal(err)
	}
	var want, endless []string
	for _, f := range report.Findings {
		line := place(filepath.Base(f.File), f.Line, f.Check+": "+f.Message)
		want = append(want, line)
		if f.Check == "endless" {
			endless = append(endless, line)
		}
	}
	if len(endless) < 4 || len(want) < 6 {
		t.Fatalf("the command line found only %q", want)
	}
	var flags []string
	for _, c := range newSuite().checks {
		if c.analyzer.Flags.Lookup("extended") != nil {
			flags = append(flags, "-"+c.name+".extended")
		}
	}
	for _, test := range []struct {
		driver string
		want   []string
		args   []string
	}{
		{"multichecker", want, slices.Concat([]string{tool, "-json"}, flags)},
		{"singlechecker", endless, []string{tool, "-json", "-extended"}},
		{"unitchecker", want, slices.Concat([]string{"go", "vet", "-json", "-vettool=" + tool}, flags)},
		{"checker", want, []string{tool}},
	} {
		out := run(test.driver, test.args[0], append(test.args[1:], "./...")...)
		got := readMessages(t, out)
		slices.Sort(test.want)
		if want := slices.Compact(test.want); !slices.Equal(got, want) {
			t.Errorf("%s found\n%s\nwant\n%s", test.driver, strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	}
}

// readMessages reads a stream of JSON as the drivers of x/tools write it. A package
// and its variant for tests say the same.
func readMessages(t *testing.T, out string) (got []string) {
	t.Helper()
	for dec := json.NewDecoder(strings.NewReader(out)); dec.More(); {
		var tree map[string]map[string][]struct{ Posn, Message string }
		if err := dec.Decode(&tree); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		for _, results := range tree {
			for check, diagnostics := range results {
				for _, d := range diagnostics {
					file, rest, _ := strings.Cut(filepath.Base(d.Posn), ":")
					line, _, _ := strings.Cut(rest, ":")
					got = append(got, file+":"+line+": "+check+": "+d.Message)
				}
			}
		}
	}
	slices.Sort(got)
	return slices.Compact(got)
}

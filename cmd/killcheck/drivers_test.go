package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestDriversAgree runs every driver on the module testdata/drivers: the
// command line over go vet and in its own process, go vet and go fix. All must
// find what the comments "// want CHECK" of the module say: what is core, and what
// endless is less sure of, as in tests.
func TestDriversAgree(t *testing.T) {
	long(t)
	dir, err := filepath.Abs("../../testdata/drivers")
	if err != nil {
		t.Fatal(err)
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	want := wants(t, dir)
	if len(want) < 4 {
		t.Fatalf("the corpus wants only %d findings", len(want))
	}
	run := func(name string, args ...string) (stdout, stderr string) {
		cmd := exec.Command(name, args...)
		cmd.Dir = dir
		cmd.Env = append(os.Environ(), asTool+"=1", "GOFLAGS=", "GOWORK=off")
		var out, errs bytes.Buffer
		cmd.Stdout, cmd.Stderr = &out, &errs
		_ = cmd.Run() // findings make it fail
		return out.String(), errs.String()
	}
	check := func(name string, got []string) {
		t.Helper()
		slices.Sort(got)
		got = slices.Compact(got)
		if !slices.Equal(got, want) {
			t.Errorf("%s found\n%s\nwant\n%s", name, strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	}

	for _, driver := range []driverName{driverVet, driverInProcess} {
		out, _ := run(self, "-driver="+string(driver), "-checks=all", "-format=json", "./...")
		var report struct {
			Findings []struct {
				Check, Tier, File string
				Line              int
			}
		}
		if err := json.Unmarshal([]byte(out), &report); err != nil {
			t.Fatalf("%s: %v\n%s", driver, err, out)
		}
		var got []string
		for _, f := range report.Findings {
			if f.Tier == tierCore || f.Check == "endless" {
				got = append(got, place(filepath.Base(f.File), f.Line, f.Check))
			}
		}
		check("killcheck -driver="+string(driver), got)
	}
	for _, command := range [][]string{
		{"vet", "-json", "-vettool=" + self, "-endless.extended", "./..."},
		{"fix", "-json", "-fixtool=" + self, "-endless.extended", "./..."},
	} {
		out, errs := run("go", command...)
		got, ok := readVet(t, out)
		if !ok {
			t.Logf("go %s: %s", command[0], errs)
		}
		check("go "+command[0], got)
	}
}

// wants reads the comments of the corpus.
func wants(t *testing.T, dir string) []string {
	files, err := filepath.Glob(filepath.Join(dir, "*", "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	re := regexp.MustCompile(`// want (\w+)$`)
	var all []string
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for i, line := range strings.Split(string(data), "\n") {
			if m := re.FindStringSubmatch(line); m != nil {
				all = append(all, place(filepath.Base(file), i+1, m[1]))
			}
		}
	}
	slices.Sort(all)
	return all
}

// readVet reads the stream of go vet without the help of package vetjson.
func readVet(t *testing.T, out string) (got []string, ok bool) {
	dec := json.NewDecoder(strings.NewReader(out))
	for dec.More() {
		var tree map[string]map[string][]struct{ Category, Posn string }
		if err := dec.Decode(&tree); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		for _, results := range tree {
			for _, diagnostics := range results {
				for _, d := range diagnostics {
					part := strings.Split(filepath.Base(d.Posn), ":")
					got = append(got, part[0]+":"+part[1]+": "+d.Category)
				}
			}
		}
	}
	return got, len(got) > 0
}

// place names a finding by base name, line and check.
func place(file string, line int, check string) string {
	return fmt.Sprintf("%s:%d: %s", file, line, check)
}

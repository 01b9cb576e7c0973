package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the table of docs/comparison.md")

// compared are the linters of the table, in the order of its columns.
var compared = []string{"govet", "staticcheck", "gosec", "contextcheck", "killcheck"}

const comparison = `version: "2"
linters:
  default: none
  enable: [govet, staticcheck, gosec, contextcheck, killcheck]
  settings:
    govet: {enable-all: true, disable: [fieldalignment]}
    staticcheck: {checks: ["SA*"]}
    gosec: {includes: [G118]}
    custom:
      killcheck:
        type: module
        description: finds goroutines that cannot be stopped
        original-url: https://github.com/killcheck/killcheck
issues:
  max-issues-per-linter: 0
  max-same-issues: 0
  uniq-by-line: false
`

// TestComparison runs linters and run-time tools on the programs below
// testdata/comparison, and keeps the table of docs/comparison.md.
func TestComparison(t *testing.T) {
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS("../comparison")); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, ".golangci.yml"), []byte(comparison), 0o666); err != nil {
		t.Fatal(err)
	}
	stdout, stderr, code := execute(t, dir, self(t), "run", "--output.json.path=stdout", "--show-stats=false", "./cases/...")
	if code != 1 {
		t.Fatalf("golangci-lint ended with %d\n%s", code, stderr)
	}
	var report struct {
		Issues []struct {
			FromLinter, Text string
			Pos              struct{ Filename string }
		}
	}
	if err := json.NewDecoder(strings.NewReader(stdout)).Decode(&report); err != nil {
		t.Fatal(err)
	}
	said := make(map[string]string) // case and linter -> what it says
	for _, issue := range report.Issues {
		key := filepath.Base(filepath.Dir(issue.Pos.Filename)) + " " + issue.FromLinter
		word, _, _ := strings.Cut(issue.Text, ":")
		if word = strings.TrimSpace(word); strings.Contains(word, " ") {
			word = "yes"
		}
		if !strings.Contains(said[key], word) {
			said[key] = strings.TrimPrefix(said[key]+", "+word, ", ")
		}
	}
	folders, err := filepath.Glob(filepath.Join(dir, "cases", "*", "*.go"))
	if err != nil || len(folders) < 10 {
		t.Fatalf("%d programs, %v", len(folders), err)
	}
	slices.Sort(folders)
	var table strings.Builder
	table.WriteString("| program | go vet | staticcheck | gosec G118 | contextcheck | killcheck | goleak | goroutineleak profile |\n|---|---|---|---|---|---|---|---|\n")
	for _, file := range folders {
		name := strings.TrimSuffix(filepath.Base(file), ".go")
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		_, about, _ := strings.Cut(string(text), "// Package "+name+" ")
		about, _, _ = strings.Cut(about, "\n")
		fmt.Fprintf(&table, "| `%s` %s |", name, strings.TrimSuffix(about, "."))
		for _, linter := range compared {
			fmt.Fprintf(&table, " %s |", said[name+" "+linter])
		}
		for _, tool := range []string{"goleak", "profile"} {
			cmd := exec.Command("go", "run", "./"+tool, name)
			cmd.Dir = dir
			cmd.Env = append(os.Environ(), "GOWORK=off", "GOFLAGS=", "GOEXPERIMENT=goroutineleakprofile")
			out, err := cmd.CombinedOutput()
			if err != nil {
				t.Fatalf("%s %s: %v\n%s", tool, name, err, out)
			}
			fmt.Fprintf(&table, " %s |", strings.ReplaceAll(strings.TrimSpace(string(out)), "reported", "yes"))
		}
		table.WriteString("\n")
	}
	const page, begin, end = "../../docs/comparison.md", "<!-- table: begin; written by go test -run TestComparison -update in testdata/golangci -->\n", "<!-- table: end -->\n"
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok := strings.Cut(string(text), begin)
	old, after, ok2 := strings.Cut(rest, end)
	switch {
	case !ok || !ok2:
		t.Fatalf("%s: the marks of the table are missing", page)
	case old == table.String():
	case *update:
		if err := os.WriteFile(page, []byte(before+begin+table.String()+end+after), 0o666); err != nil {
			t.Fatal(err)
		}
	default:
		t.Errorf("%s is out of date; it should hold\n%s", page, table.String())
	}
}

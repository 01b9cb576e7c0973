package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// asLinter makes the test binary run as golangci-lint.
const asLinter = "KILLCHECK_TEST_GOLANGCI"

func TestMain(m *testing.M) {
	if os.Getenv(asLinter) != "" {
		os.Exit(run())
	}
	os.Exit(m.Run())
}

const settings = `version: "2"
linters:
  default: none
  enable: [killcheck]
  settings:
    custom:
      killcheck:
        type: module
        description: finds goroutines that cannot be stopped
        original-url: https://github.com/killcheck/killcheck
        settings:
          %s
issues:
  max-issues-per-linter: 0
  max-same-issues: 0
`

// corpus copies the module on which all drivers have to agree, with a
// configuration, and returns the folder.
func corpus(t *testing.T, setting string) string {
	t.Helper()
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(dir, os.DirFS("../drivers")); err != nil {
		t.Fatal(err)
	}
	text := fmt.Sprintf(settings, setting)
	if err := os.WriteFile(filepath.Join(dir, ".golangci.yml"), []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
	return dir
}

// execute runs a program in dir and returns its output and exit code.
func execute(t *testing.T, dir, name string, args ...string) (stdout, stderr string, code int) {
	t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), asLinter+"=1", "GOWORK=off", "GOFLAGS=")
	var out, errs strings.Builder
	cmd.Stdout, cmd.Stderr = &out, &errs
	err := cmd.Run()
	if exit := new(exec.ExitError); err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return out.String(), errs.String(), cmd.ProcessState.ExitCode()
}

// linter runs golangci-lint on the module in dir and returns its findings as
// sorted lines FILE:LINE: CHECK, and their messages.
func linter(t *testing.T, dir string, args ...string) (found, messages []string) {
	t.Helper()
	args = append([]string{"run", "--output.json.path=stdout", "--show-stats=false"}, args...)
	stdout, stderr, code := execute(t, dir, self(t), append(args, "./...")...)
	if code != 0 && code != 1 {
		t.Fatalf("golangci-lint ended with %d\n%s", code, stderr)
	}
	var report struct {
		Issues []struct {
			FromLinter, Text string
			Pos              struct {
				Filename string
				Line     int
			}
		}
	}
	// After the JSON golangci-lint may go on in plain text.
	if err := json.NewDecoder(strings.NewReader(stdout)).Decode(&report); err != nil {
		t.Fatalf("%v\n%s\n%s", err, stdout, stderr)
	}
	for _, issue := range report.Issues {
		if issue.FromLinter != "killcheck" {
			t.Errorf("a finding of %s: %s", issue.FromLinter, issue.Text)
			continue
		}
		check, _, _ := strings.Cut(issue.Text, ": ")
		found = append(found, place(issue.Pos.Filename, issue.Pos.Line, check))
		messages = append(messages, issue.Text)
	}
	slices.Sort(found)
	return found, messages
}

// killcheck runs killcheck itself on the module in dir.
func killcheck(t *testing.T, dir string, args ...string) []string {
	t.Helper()
	binary := filepath.Join(t.TempDir(), "killcheck")
	if _, stderr, code := execute(t, "../..", "go", "build", "-o", binary, "./cmd/killcheck"); code != 0 {
		t.Fatal(stderr)
	}
	stdout, stderr, code := execute(t, dir, binary, append(args, "-format=json", "./...")...)
	if code != 0 && code != 1 {
		t.Fatalf("killcheck ended with %d\n%s", code, stderr)
	}
	var report struct {
		Findings []struct {
			Check, File string
			Line        int
		}
	}
	if err := json.Unmarshal([]byte(stdout), &report); err != nil {
		t.Fatal(err)
	}
	var found []string
	for _, f := range report.Findings {
		found = append(found, place(f.File, f.Line, f.Check))
	}
	slices.Sort(found)
	return found
}

func place(file string, line int, check string) string {
	return fmt.Sprintf("%s:%d: %s", filepath.ToSlash(file), line, check)
}

func self(t *testing.T) string {
	t.Helper()
	path, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return path
}

func TestSameFindings(t *testing.T) {
	for _, test := range []struct{ setting, flag string }{
		{"{}", "core"},
		{"checks: [all]", "all"},
		{"checks: [-endless]", "-endless"},
	} {
		dir := corpus(t, test.setting)
		want := killcheck(t, dir, "-checks="+test.flag)
		if len(want) < 2 {
			t.Fatalf("%s: killcheck found only %q", test.flag, want)
		}
		got, messages := linter(t, dir)
		if !slices.Equal(got, want) {
			t.Errorf("%s: golangci-lint found\n%s\nkillcheck\n%s", test.setting, strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
		for _, m := range messages {
			if strings.Contains(m, "related information") {
				t.Errorf("a related position became a finding: %s", m)
			}
		}
	}
}

// Rows of the knowledge base work from a file, as for killcheck, and from the
// settings.
func TestRows(t *testing.T) {
	const row = "func strings.ToUpper blocks sql never use=strings.ToLower how=prepend"
	for _, setting := range []string{"rows: rows.kb", "rows: ['" + row + "']"} {
		dir := corpus(t, setting)
		for name, text := range map[string]string{"rows.kb": row + "\n", "app/upper.go": upper} {
			if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
				t.Fatal(err)
			}
		}
		got, _ := linter(t, dir)
		if want := killcheck(t, dir, "-rows=rows.kb"); !slices.Equal(got, want) || !slices.Contains(got, "app/upper.go:11: uninterruptible") {
			t.Errorf("%s: golangci-lint found\n%s\nkillcheck\n%s", setting, strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	}
}

// The configuration of killcheck counts, and a change of it at once: no result is
// older than the file, nor than the rows that it names.
func TestConfig(t *testing.T) {
	dir := corpus(t, "{}")
	write := func(name, text string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	write("app/upper.go", upper)
	const row = "func strings.ToUpper blocks sql never use=strings.ToLower how=prepend\n"
	for _, test := range []struct{ config, rows string }{
		{"checks: core\n", ""},
		{"checks: [-endless]\n", ""},
		{"checks: all\nexclude: lib\n", ""},
		{"paths:\n  - path: app\n    checks: all\n", ""},
		{"rows: ours.kb\n", row},
		{"rows: ours.kb\n", "# none\n"},
	} {
		write(".killcheck.yaml", test.config)
		write("ours.kb", test.rows)
		got, _ := linter(t, dir)
		if want := killcheck(t, dir); !slices.Equal(got, want) || len(want) == 0 {
			t.Errorf("%s: golangci-lint found\n%s\nkillcheck\n%s", test.config, strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
		if found := slices.Contains(got, "app/upper.go:11: uninterruptible"); found != (test.rows == row) {
			t.Errorf("%s: the row counts: %v", test.config, found)
		}
	}
}

const upper = `package app

import (
	"context"
	"strings"
)

func Upper(ctx context.Context) {
	go func() {
		for ctx.Err() == nil {
			_ = strings.ToUpper("next")
		}
	}()
}
`

// What a finding says where the goroutine starts elsewhere.
func TestMessage(t *testing.T) {
	_, messages := linter(t, corpus(t, "checks: [endless]"))
	const want = "(started at app.go:"
	if !slices.ContainsFunc(messages, func(m string) bool { return strings.Contains(m, want) }) {
		t.Errorf("no message holds %q: %q", want, messages)
	}
}

// The fixes leave code that compiles, and what killcheck -fix leaves.
func TestFix(t *testing.T) {
	dir, other := corpus(t, "{}"), corpus(t, "{}")
	before, _ := linter(t, dir)
	after, _ := linter(t, dir, "--fix")
	if len(after) >= len(before) {
		t.Errorf("--fix cured nothing: %q", after)
	}
	left := killcheck(t, other, "-fix")
	if again, _ := linter(t, dir); !slices.Equal(again, left) {
		t.Errorf("golangci-lint left\n%s\nkillcheck\n%s", strings.Join(again, "\n"), strings.Join(left, "\n"))
	}
	for _, file := range []string{"app/app.go", "lib/lib.go"} {
		a, errA := os.ReadFile(filepath.Join(dir, file))
		b, errB := os.ReadFile(filepath.Join(other, file))
		if errA != nil || errB != nil || string(a) != string(b) {
			t.Errorf("%s: golangci-lint made\n%s\nkillcheck\n%s", file, a, b)
		}
	}
	if _, stderr, code := execute(t, dir, "go", "vet", "./..."); code != 0 {
		t.Errorf("the fixed code: %s", stderr)
	}
}

func TestWrongSettings(t *testing.T) {
	for setting, want := range map[string]string{
		"bogus: 1":         `unknown field "bogus"`,
		"checks: [nosuch]": `unknown check "nosuch"`,
		"rows: none.kb":    "none.kb: no such file",
		"rows: [nonsense]": "rows:1: ",
	} {
		_, stderr, code := execute(t, corpus(t, setting), self(t), "run", "./...")
		if code != 3 || !strings.Contains(stderr, want) {
			t.Errorf("%s: exit %d, %s", setting, code, stderr)
		}
	}
}

// golangci-lint accepts the configuration of the documentation and that of this
// repository.
func TestExamples(t *testing.T) {
	for _, file := range []string{"../../docs/ci/golangci.yml", "../../.golangci.yml"} {
		example, err := filepath.Abs(file)
		if err != nil {
			t.Fatal(err)
		}
		dir := corpus(t, "{}")
		if stdout, stderr, code := execute(t, dir, self(t), "config", "verify", "--config="+example); code != 0 {
			t.Errorf("%s: config verify: exit %d\n%s%s", file, code, stdout, stderr)
		}
		if _, stderr, code := execute(t, dir, self(t), "run", "--config="+example, "./lib"); code != 1 {
			t.Errorf("%s: run: exit %d\n%s", file, code, stderr)
		}
	}
}

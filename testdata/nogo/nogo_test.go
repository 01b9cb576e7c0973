package nogo

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

var (
	core     = []string{"falsestop", "heldlock", "endless", "ignoredstop", "abandoned", "unreleased", "uninterruptible", "unsafekill"}
	extended = []string{"unclosed", "detached", "unjoined", "dirtystop"}
)

// corpus copies the module on which all drivers have to agree.
func corpus(t *testing.T) string {
	t.Helper()
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err == nil {
		err = os.CopyFS(dir, os.DirFS("../drivers"))
	}
	if err == nil {
		err = newLanguage(filepath.Join(dir, "go.mod"))
	}
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// newLanguage lets the module have the language of Go 1.25. Bazel does not know what
// go.mod says: there all files have the newest one, and with it the newest fixes.
func newLanguage(file string) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	if !strings.Contains(string(text), "go 1.24\n") {
		return fmt.Errorf("%s: another language than Go 1.24", file)
	}
	return os.WriteFile(file, []byte(strings.Replace(string(text), "go 1.24\n", "go 1.25\n", 1)), 0o600)
}

// command is the command line, built once.
func command(t *testing.T, dir string, args ...string) string {
	t.Helper()
	in, err := install()
	if err != nil {
		t.Fatal(err)
	}
	tool := filepath.Join(filepath.Dir(in.builder), "killcheck")
	if _, err := os.Stat(tool); err != nil {
		build := exec.Command("go", "build", "-o", tool, "./cmd/killcheck")
		build.Dir = "../.."
		build.Env = append(os.Environ(), "GOWORK=off", "GOFLAGS=-buildvcs=false")
		if out, err := build.CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
	}
	cmd := exec.Command(tool, append(args, "./...")...)
	cmd.Dir, cmd.Env = dir, append(os.Environ(), "GOWORK=off", "GOFLAGS=")
	out, err := cmd.Output()
	if exit := new(exec.ExitError); err != nil && (!errors.As(err, &exit) || exit.ExitCode() > 1) {
		t.Fatalf("killcheck %q: %v\n%s", args, err, exit.Stderr)
	}
	return string(out)
}

// killcheck returns the findings of the command line, as found does.
func killcheck(t *testing.T, dir string, args ...string) []string {
	t.Helper()
	var report struct {
		Findings []struct {
			Check, File, Message string
			Line, Column         int
		}
	}
	if err := json.Unmarshal([]byte(command(t, dir, append(args, "-format=json")...)), &report); err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, f := range report.Findings {
		all = append(all, fmt.Sprintf("%s:%d:%d: %s: %s", f.File, f.Line, f.Column, f.Check, f.Message))
	}
	slices.Sort(all)
	return all
}

// same compares findings.
func same(t *testing.T, what string, got, want []string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s: nogo found\n%s\nkillcheck\n%s", what, strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// flags is a configuration that sets a flag of each check of the core.
func flags(flag string) string {
	config := make(map[string]any)
	for _, check := range core {
		config[check] = map[string]any{"analyzer_flags": map[string]string{flag: "true"}}
	}
	text, err := json.Marshal(config)
	if err != nil {
		panic(err) // not reached: maps of strings
	}
	return string(text)
}

// nogo finds what the command line finds, in the code of other targets by facts, and
// with the check of directives left out, which nogo cannot have.
func TestSameFindings(t *testing.T) {
	const far = "example.com/drivers/lib.Turn has no exit"
	w := newWorkspace(t, corpus(t))
	for _, test := range []struct {
		checks       []string
		config, flag string
	}{
		{core, "", "-checks=core,-directive"},
		{slices.Concat(core, extended), flags("extended"), "-checks=all,-directive"},
	} {
		w.build(test.checks, test.config)
		got, want := found(w.check()), killcheck(t, w.root, test.flag)
		same(t, test.flag, got, want)
		if len(want) < 5 || !slices.ContainsFunc(want, func(f string) bool { return strings.Contains(f, far) }) {
			t.Errorf("%s: killcheck found only %q", test.flag, want)
		}
	}
}

// The patches leave the files that killcheck -fix leaves, and with the flag review
// those that -fix -review leaves.
func TestFix(t *testing.T) {
	for _, test := range []struct {
		config string
		args   []string
	}{
		{"", []string{"-fix"}},
		{flags("review"), []string{"-fix", "-review"}},
	} {
		w, other := newWorkspace(t, corpus(t)), corpus(t)
		w.build(core, test.config)
		for _, r := range w.check() {
			patch := filepath.Join(w.root, r.folder, "nogo.patch")
			if _, err := os.Stat(patch); err != nil {
				continue
			}
			apply := func(args ...string) error {
				cmd := exec.Command("git", append([]string{"apply", "-p1"}, append(args, patch)...)...)
				cmd.Dir = w.root
				return cmd.Run()
			}
			// The tests of a library have its patch, too.
			if apply() != nil && apply("--reverse", "--check") != nil {
				t.Errorf("%s: the patch does not fit", r.label)
			}
		}
		command(t, other, test.args...)
		for _, name := range []string{"app/app.go", "lib/lib.go", "lib/muted.go", "lib/lib_test.go", "lib/x_test.go"} {
			a, errA := os.ReadFile(filepath.Join(w.root, name))
			b, errB := os.ReadFile(filepath.Join(other, name))
			if errA != nil || errB != nil || string(a) != string(b) {
				t.Errorf("%q: %s: nogo made\n%s\nkillcheck\n%s", test.args, name, a, b)
			}
		}
	}
}

// Two workspaces in different folders get the same bytes, which a remote cache needs.
func TestSameBytes(t *testing.T) {
	first, second := newWorkspace(t, corpus(t)), newWorkspace(t, corpus(t))
	first.build(core, "")
	second.build(core, "")
	a, b := first.check(), second.check()
	count := 0
	for i := range a {
		for _, name := range []string{a[i].facts, a[i].folder + "/nogo.log", a[i].folder + "/nogo.patch"} {
			x, errX := os.ReadFile(filepath.Join(first.root, name))
			y, errY := os.ReadFile(filepath.Join(second.root, name))
			if string(x) != string(y) || (errX == nil) != (errY == nil) {
				t.Errorf("%s differs", name)
			}
			if len(x) > 0 {
				count++
			}
			if strings.Contains(string(x), first.root) || strings.Contains(string(x), scratch) {
				t.Errorf("%s names a folder of the machine", name)
			}
		}
		if a[i] != b[i] {
			t.Errorf("%s prints other findings", a[i].label)
		}
	}
	if count < 5 {
		t.Errorf("only %d files are not empty", count)
	}
}

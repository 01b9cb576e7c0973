package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// fake is a program in the place of killcheck. It says the same of every input.
const fake = `package main

import (
	"fmt"
	"os"
	"time"
)

var _ = time.Hour

func main() {
	dir, _ := os.Getwd()
	if os.Args[1] == "map" {
		fmt.Print(MAP)
		os.Exit(1)
	}
	fmt.Printf(FINDINGS, dir)
	if COMPLAINS {
		fmt.Fprintln(os.Stderr, "go: downloading example.com/x v1.0.0")
		fmt.Fprintln(os.Stderr, "killcheck: cannot analyse " + dir + "/broken")
		os.Exit(2)
	}
	os.Exit(1)
}
`

// before and after are what the fake says at the two commits.
var before = map[string]string{
	"FINDINGS": "`" + `{"findings": [
		{"check": "endless", "tier": "core", "file": "a.go", "line": 1, "column": 2, "message": "stays"},
		{"check": "endless", "tier": "core", "file": "a.go", "line": 5, "column": 2, "message": "goes"},
		{"check": "endless", "tier": "core", "file": "a.go", "line": 7, "column": 2, "message": "of %s/b.go"},
		{"check": "abandoned", "tier": "core", "file": "a.go", "line": 9, "column": 2, "message": "mended",
			"fixes": [{"message": "make room", "level": "safe", "edits": [{"start": 1, "new": "x"}]}]}
	]}` + "`",
	"MAP": "`" + `a.go:1:2: goroutine: ends: runs f$1
a.go:3:2: goroutine: unknown (the receive at a.go:4 shows no stop): runs g
a.go:6:2: goroutine: stops by quit: runs h
` + "`",
	"COMPLAINS": "false",
}

var after = map[string]string{
	"FINDINGS": "`" + `{"findings": [
		{"check": "endless", "tier": "extended", "file": "a.go", "line": 1, "column": 2, "message": "stays"},
		{"check": "endless", "tier": "core", "file": "a.go", "line": 7, "column": 2, "message": "of %s/b.go"},
		{"check": "abandoned", "tier": "core", "file": "a.go", "line": 9, "column": 2, "message": "mended",
			"fixes": [{"message": "make room", "level": "review", "edits": [{"start": 1, "new": "y"}]}]},
		{"check": "heldlock", "tier": "core", "file": "a.go", "line": 8, "column": 3, "message": "comes"}
	]}` + "`",
	"MAP": "`" + `a.go:1:2: goroutine: ends: runs f$1
a.go:3:2: goroutine: stuck: runs g
	a.go:4:3: nobody sends
a.go:6:2: goroutine: stops by over: runs h
a.go:8:2: goroutine: ends: runs i
` + "`",
	"COMPLAINS": "false",
}

// want is what compare says of each input.
const want = `differs (findings: 4, goroutines: 4)
  findings gone: 1
    - a.go:5:2: endless: goes
  findings new: 1
    + a.go:8:3: heldlock: comes
  findings changed: 1
    ~ a.go:1:2: endless: stays
        tier: "core"
        -> "extended"
  fixes changed: 1
    ~ a.go:9:2: abandoned: mended
        fix 1: level: safe
        -> review
        fix 1: edits: [{"start":1,"new":"x"}]
        -> [{"start":1,"new":"y"}]
  goroutines new: 1
    + DIR/a.go:8:2: ends: runs i
  map: stops, other verdict: 1
    ~ DIR/a.go:6:2: stops by quit: runs h
        -> stops by over: runs h
  map: unknown -> stuck: 1
    ~ DIR/a.go:3:2: unknown (the receive at a.go:4 shows no stop): runs g
        -> stuck: runs g
        a.go:4:3: nobody sends
`

const total = `
all (4): findings: 4 gone, 4 new, 4 changed; fixes: 4 changed; goroutines: 0 gone, 4 new
map: stops, other verdict: 4
map: unknown -> stuck: 4
`

// repository makes a repository of two commits, tagged one and two, beside a
// folder with one more module, and returns both folders.
func repository(t *testing.T, one, two map[string]string) (dir, repos string) {
	t.Helper()
	home := t.TempDir()
	dir, repos = filepath.Join(home, "killcheck"), filepath.Join(home, "repos")
	write := func(name, text string) {
		t.Helper()
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	git := func(args ...string) {
		t.Helper()
		args = append([]string{"-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "core.hooksPath=" + os.DevNull}, args...)
		if _, err := output(t.Context(), dir, "git", args...); err != nil {
			t.Fatal(err)
		}
	}
	write(filepath.Join(dir, "go.mod"), "module example.com/killcheck\n\ngo 1.25\n")
	write(filepath.Join(dir, "testdata", "leaks", "go.mod"), "module leaks\n")
	write(filepath.Join(dir, "testdata", "needy", "go.mod"), "module needy\n")
	write(filepath.Join(dir, "testdata", "needy", "go.sum"), "")
	write(filepath.Join(dir, "passes", "testdata", "verdict", "go.mod"), "module verdict\n")
	write(filepath.Join(dir, "passes", "endless", "testdata", "src", "endless", "a.go"), "package endless\n")
	write(filepath.Join(repos, "other", "inner", "go.mod"), "module other\n")
	write(filepath.Join(repos, "other", "testdata", "go.mod"), "module notthis\n")
	write(filepath.Join(repos, "README"), "no repository\n")
	git("init", "-q")
	for i, says := range []map[string]string{one, two} {
		program := fake
		for name, value := range says {
			program = strings.ReplaceAll(program, name, value)
		}
		write(filepath.Join(dir, "cmd", "killcheck", "main.go"), program)
		git("add", "-A")
		git("commit", "-q", "--allow-empty", "-m", "x")
		git("tag", []string{"one", "two"}[i])
	}
	return dir, repos
}

// clean fails if a run left something in the repository.
func clean(t *testing.T, dir string) {
	t.Helper()
	trees, err := output(t.Context(), dir, "git", "worktree", "list", "--porcelain")
	if n := strings.Count(trees, "worktree "); err != nil || n != 1 {
		t.Errorf("%d work trees are left, %v", n, err)
	}
}

func TestCompare(t *testing.T) {
	dir, repos := repository(t, before, after)
	t.Setenv("TMPDIR", t.TempDir())
	var first, second bytes.Buffer
	for _, out := range []*bytes.Buffer{&first, &second} {
		code, err := run(t.Context(), dir, []string{"-repos", repos, "one", "two"}, out, io.Discard)
		if err != nil || code != exitDiffers {
			t.Fatalf("exit code %d, %v\n%s", code, err, out)
		}
	}
	all := ""
	for _, in := range []struct{ name, dir string }{
		{"leaks", "testdata/leaks"}, {"verdict", "passes/testdata/verdict"}, {"fixtures", "passes/endless/testdata/src"}, {"other", "inner"},
	} {
		all += in.name + ": " + strings.ReplaceAll(want, "DIR", in.dir)
	}
	if all += total; first.String() != all {
		t.Errorf("it prints\n%s\nwant\n%s", first.String(), all)
	}
	if first.String() != second.String() {
		t.Errorf("once more it prints\n%s", second.String())
	}
	clean(t, dir)
	if left, err := os.ReadDir(os.Getenv("TMPDIR")); err != nil || len(left) > 0 {
		t.Errorf("left %v, %v", left, err)
	}
}

func TestSame(t *testing.T) {
	dir, _ := repository(t, before, before)
	var out bytes.Buffer
	code, err := run(t.Context(), dir, []string{"one", "two", "leaks"}, &out, io.Discard)
	if err != nil || code != exitSame || !strings.Contains(out.String(), "leaks: the same (findings: 4, goroutines: 3)\n") ||
		!strings.HasSuffix(out.String(), "\nnothing differs\n") || strings.Contains(out.String(), "fixtures") {
		t.Errorf("exit code %d, %v\n%s", code, err, out.String())
	}
}

// TestIncomplete has a run that leaves something out: that nothing differs is not
// known then.
func TestIncomplete(t *testing.T) {
	broken := map[string]string{"FINDINGS": "`{\"findings\": []}%.0s`", "MAP": `""`, "COMPLAINS": "true"}
	dir, _ := repository(t, broken, broken)
	var out bytes.Buffer
	code, err := run(t.Context(), dir, []string{"one", "two", "leaks"}, &out, io.Discard)
	const says = "testdata/leaks: json: killcheck: cannot analyse testdata/leaks/broken\n"
	if err != nil || code != exitFailure || !strings.Contains(out.String(), says) || strings.Contains(out.String(), "downloading") {
		t.Errorf("exit code %d, %v\n%s", code, err, out.String())
	}
	dir, _ = repository(t, before, map[string]string{"FINDINGS": "`no JSON%.0s`", "MAP": `""`, "COMPLAINS": "false"})
	out.Reset()
	code, err = run(t.Context(), dir, []string{"one", "two", "leaks"}, &out, io.Discard)
	if err != nil || code != exitDiffers || !strings.Contains(out.String(), "no findings: ") || !strings.Contains(out.String(), "not everything was analysed: 1\n") {
		t.Errorf("exit code %d, %v\n%s", code, err, out.String())
	}
}

func TestFailures(t *testing.T) {
	bad := map[string]string{"MAP": "nothing", "FINDINGS": "nothing", "COMPLAINS": "false"}
	dir, repos := repository(t, before, bad)
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	for _, test := range []struct {
		ctx  context.Context
		args []string
		want string
	}{
		{t.Context(), nil, "which commits?"},
		{t.Context(), []string{"one"}, "which commits?"},
		{t.Context(), []string{"one", "three"}, "three is no commit"},
		{t.Context(), []string{"one", "--all"}, "--all is no commit"},
		{t.Context(), []string{"one", "two"}, "two does not build"},
		{t.Context(), []string{"one", "one", "nothere"}, `no input "nothere"; there are leaks, verdict, fixtures, std`},
		{t.Context(), []string{"-repos", filepath.Join(repos, "other"), "one", "one", "nothere"}, "there are leaks, verdict, fixtures, inner, testdata, std"},
		{t.Context(), []string{"-repos", filepath.Join(dir, "cmd"), "one", "one"}, "no folder with a go.mod"},
		{t.Context(), []string{"-h"}, flag.ErrHelp.Error()},
		{cancelled, []string{"one", "one"}, ""},
	} {
		code, err := run(test.ctx, dir, test.args, io.Discard, io.Discard)
		if err == nil || code != exitFailure || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%q: exit code %d, error %v, want %q", test.args, code, err, test.want)
		}
		clean(t, dir)
	}
}

// TestInterrupt ends the run while killcheck works.
func TestInterrupt(t *testing.T) {
	folder := t.TempDir()
	started := filepath.Join(folder, "started")
	says := map[string]string{"MAP": `""`, "COMPLAINS": "false",
		"FINDINGS": "func() string { os.WriteFile(`" + started + "`, nil, 0o666); for { time.Sleep(time.Hour) } }() + `%s`"}
	dir, _ := repository(t, says, says)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	go func() {
		for ctx.Err() == nil {
			if _, err := os.Stat(started); err == nil {
				cancel()
			}
			time.Sleep(time.Millisecond)
		}
	}()
	code, err := run(ctx, dir, []string{"one", "two", "leaks"}, io.Discard, io.Discard)
	if !errors.Is(err, context.Canceled) || code != exitFailure {
		t.Errorf("exit code %d, error %v", code, err)
	}
	clean(t, dir)
}

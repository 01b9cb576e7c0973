package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// leaking is a module with one finding, of the check abandoned.
const leaking = `package fetch

import "context"

func Fetch(ctx context.Context, get func() int) (int, error) {
	result := make(chan int)
	go func() { result <- get() }()
	select {
	case v := <-result:
		return v, nil
	case <-ctx.Done():
		return 0, ctx.Err()
	}
}
`

// anyFolder is a flag of the go command. What is compiled with it does not depend on
// the folder of the source, so copies of this repository share it in the build cache.
// A test that is compiled with it finds the standard library by GOROOT only.
const anyFolder = "-trimpath"

// A shell runs programs in one folder.
type shell struct {
	t   *testing.T
	dir string
	env []string
}

// newShell makes a folder with the given files. Modules come from the cache of
// the machine first.
func newShell(t *testing.T, files map[string]string) *shell {
	t.Helper()
	out, err := exec.Command("go", "env", "GOMODCACHE", "GOPROXY").Output()
	if err != nil {
		t.Fatal(err)
	}
	cache, proxy, _ := strings.Cut(strings.TrimSpace(string(out)), "\n")
	s := &shell{t: t, dir: t.TempDir(), env: append(os.Environ(), "GOWORK=off", "GOFLAGS=-modcacherw -buildvcs=false "+anyFolder,
		"GOPROXY=file://"+filepath.ToSlash(cache)+"/cache/download,"+proxy, "GONOSUMDB=*",
		"GIT_CONFIG_GLOBAL=/dev/null", "GIT_AUTHOR_NAME=a", "GIT_AUTHOR_EMAIL=a@example.com",
		"GIT_COMMITTER_NAME=a", "GIT_COMMITTER_EMAIL=a@example.com")}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(s.dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

// try returns the output of a program and whether it succeeded.
func (s *shell) try(name string, args ...string) (string, bool) {
	out, code := s.exit(name, args...)
	return out, code == 0
}

// exit returns the output of a program and its exit code, -1 if it did not run.
func (s *shell) exit(name string, args ...string) (string, int) {
	cmd := exec.Command(name, args...)
	cmd.Dir, cmd.Env = s.dir, s.env
	out, err := cmd.CombinedOutput()
	if cmd.ProcessState == nil {
		return err.Error(), -1
	}
	return string(out), cmd.ProcessState.ExitCode()
}

func (s *shell) run(name string, args ...string) string {
	s.t.Helper()
	out, ok := s.try(name, args...)
	if !ok {
		s.t.Fatalf("%s %s:\n%s", name, strings.Join(args, " "), out)
	}
	return strings.TrimSpace(out)
}

// TestToolDirective uses killcheck as a tool of another module.
func TestToolDirective(t *testing.T) {
	long(t)
	repository, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	s := newShell(t, map[string]string{"go.mod": "module example.com/fetch\n\ngo 1.25.0\n", "fetch.go": leaking})
	s.run("go", "mod", "edit", "-replace", module+"="+repository, "-require", module+"@v0.0.0")
	s.run("go", "get", "-tool", module+"/cmd/killcheck")
	if out, ok := s.try("go", "tool", "killcheck", "./..."); ok || !strings.HasPrefix(out, "fetch.go:7:14: abandoned: ") {
		t.Errorf("go tool killcheck: %s", out)
	}
	tool := s.run("go", "tool", "-n", "killcheck")
	if out, ok := s.try("go", "vet", "-vettool="+tool, "./..."); ok || !strings.Contains(out, "fetch.go:7:14: ") {
		t.Errorf("go vet: %s", out)
	}
	s.run("go", "tool", "killcheck", "-fix", "./...")
	if data := read(t, filepath.Join(s.dir, "fetch.go")); !strings.Contains(data, "make(chan int, 1)") {
		t.Errorf("not fixed:\n%s", data)
	}
}

// TestPreCommit has pre-commit build killcheck from a copy of this repository,
// and refuse a commit.
func TestPreCommit(t *testing.T) {
	long(t)
	program, err := exec.LookPath("pre-commit")
	if err != nil {
		t.Skip(err)
	}
	hooks := newShell(t, nil)
	repository, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"go.mod", "go.sum", ".pre-commit-hooks.yaml", "analyzer", "cmd", "internal", "passes"} {
		copyTree(t, filepath.Join(repository, name), filepath.Join(hooks.dir, name))
	}
	hooks.run("git", "init", "-q")
	hooks.run("git", "add", ".")
	hooks.run("git", "commit", "-qm", "hooks")

	s := newShell(t, map[string]string{
		"go.mod":   "module example.com/fetch\n\ngo 1.25.0\n",
		"fetch.go": leaking,
		".pre-commit-config.yaml": "repos:\n- repo: " + hooks.dir + "\n  rev: " + hooks.run("git", "rev-parse", "HEAD") +
			"\n  hooks:\n  - id: killcheck\n",
	})
	s.env = append(s.env, "PRE_COMMIT_HOME="+t.TempDir())
	s.run("git", "init", "-q")
	s.run(program, "install")
	s.run("git", "add", ".")
	if out, ok := s.try("git", "commit", "-qm", "leak"); ok || !strings.Contains(out, "fetch.go:7:14: abandoned: ") {
		t.Errorf("the commit of a leak: %s", out)
	}
	fixed := strings.Replace(leaking, "make(chan int)", "make(chan int, 1)", 1)
	if err := os.WriteFile(filepath.Join(s.dir, "fetch.go"), []byte(fixed), 0o666); err != nil {
		t.Fatal(err)
	}
	s.run("git", "add", ".")
	s.run("git", "commit", "-qm", "no leak")
}

// copyTree copies a file or a folder.
func copyTree(t *testing.T, from, to string) {
	t.Helper()
	info, err := os.Stat(from)
	if err == nil && info.IsDir() {
		err = os.CopyFS(to, os.DirFS(from))
	} else if err == nil {
		err = os.WriteFile(to, []byte(read(t, from)), 0o666)
	}
	if err != nil {
		t.Fatal(err)
	}
}

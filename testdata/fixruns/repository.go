package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// A repository is one copy.
type repository struct {
	*config
	name  string
	dir   string // that of the module
	below string // its path below the root of the repository, with a slash; empty for the root
	sites []*site

	original  map[string][]byte // the text of each file that gets a fault
	strangers []string          // complaints of the compiler that no site is the cause of
	row       *row              // with -command
}

// newRepository copies the files that git tracks. Some may be missing from a
// partial clone, which is why git does not make the copy.
func newRepository(c *config, from string) (*repository, error) {
	abs, err := filepath.Abs(from)
	if err != nil {
		return nil, err
	}
	top := exec.Command("git", "rev-parse", "--show-toplevel")
	top.Dir = abs
	root, err := top.Output()
	if err != nil {
		return nil, err
	}
	checkout := strings.TrimSpace(string(root))
	module, err := filepath.Rel(checkout, abs)
	if err != nil {
		return nil, err
	}
	base := filepath.Base(checkout)
	to := filepath.Join(c.work, base)
	r := &repository{config: c, name: filepath.ToSlash(filepath.Join(base, module)), dir: to, original: make(map[string][]byte)}
	if err := os.RemoveAll(to); err != nil {
		return nil, err
	}
	list := exec.Command("git", "ls-files", "-z")
	list.Dir = checkout
	out, err := list.Output()
	if err != nil {
		return nil, err
	}
	for name := range strings.SplitSeq(strings.TrimRight(string(out), "\x00"), "\x00") {
		if err := copyFile(filepath.Join(checkout, name), filepath.Join(to, name)); err != nil {
			return nil, err
		}
	}
	for _, args := range [][]string{{"init", "-q"}, {"add", "-A"}, {"-c", "user.name=fixruns", "-c", "user.email=fixruns@localhost", "commit", "-qm", "as it was"}} {
		if out, err := r.output("git", args...); err != nil {
			return nil, fmt.Errorf("%w\n%s", err, out)
		}
	}
	if module != "." {
		r.dir, r.below = filepath.Join(to, module), filepath.ToSlash(module)+"/"
	}
	return r, nil
}

func copyFile(from, to string) error {
	info, err := os.Lstat(from)
	if errors.Is(err, os.ErrNotExist) || err == nil && info.IsDir() {
		return nil
	}
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(to), 0o777); err != nil {
		return err
	}
	if info.Mode()&os.ModeSymlink != 0 {
		target, err := os.Readlink(from)
		if err != nil {
			return err
		}
		return os.Symlink(target, to)
	}
	data, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	return os.WriteFile(to, data, info.Mode().Perm())
}

// output returns what a program prints in the copy.
func (r *repository) output(name string, args ...string) (string, error) {
	cmd := exec.Command(name, args...)
	cmd.Dir = r.dir
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// A finding is one report of killcheck.
type finding struct {
	Check   string `json:"check"`
	Tier    string `json:"tier"`
	Package string `json:"package"`
	Message string `json:"message"`
	File    string `json:"file"`
	Line    int    `json:"line"`
	Fixes   []fix  `json:"fixes"`
}

type fix struct {
	Message string `json:"message"`
	Level   string `json:"level"`
	Edits   []struct {
		File  string `json:"file"`
		Start int    `json:"start"`
		End   int    `json:"end"`
		New   string `json:"new"`
	} `json:"edits"`
}

// report runs killcheck on the packages, with more flags if there are any.
func (r *repository) report(packages []string, flags ...string) ([]finding, error) {
	args := append([]string{"-checks=" + r.checks, "-format=json"}, flags...)
	cmd := exec.Command(r.killcheck, append(args, packages...)...)
	cmd.Dir = r.dir
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	err := cmd.Run()
	var report struct{ Findings []finding }
	if problem := json.Unmarshal(out.Bytes(), &report); problem != nil {
		return nil, fmt.Errorf("killcheck: %w %w\n%s", err, problem, errs.Bytes())
	}
	for i := range report.Findings { // the names are relative to the root
		f := &report.Findings[i]
		f.File = strings.TrimPrefix(f.File, r.below)
		for _, x := range f.Fixes {
			for j := range x.Edits {
				x.Edits[j].File = strings.TrimPrefix(x.Edits[j].File, r.below)
			}
		}
	}
	return report.Findings, nil
}

// tested returns which packages pass their tests, or have none.
func (r *repository) tested(packages []string) map[string]bool {
	passed := make(map[string]bool)
	if !r.tests || len(packages) == 0 {
		return passed
	}
	args := append([]string{"test", "-short", "-p=2", "-timeout=" + r.timeout.String()}, packages...)
	out, _ := r.output("go", args...) // the lines tell
	for line := range strings.Lines(out) {
		f := strings.Fields(line)
		switch {
		case len(f) >= 2 && f[0] == "ok":
			passed[f[1]] = true
		case len(f) >= 2 && f[0] == "?":
			passed[f[1]] = true
		case strings.Contains(line, "coverage: 0.0%"):
			passed[f[0]] = true
		}
	}
	if r.verbose {
		for _, p := range packages {
			if !passed[p] {
				fmt.Printf("tests of %s fail:\n%s\n", p, tail(out, 40))
				break
			}
		}
	}
	return passed
}

// tail returns the last lines of a text that tell of failures.
func tail(text string, n int) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	lines = slices.DeleteFunc(lines, func(l string) bool {
		return strings.HasPrefix(l, "ok ") || strings.Contains(l, "[no test files]")
	})
	return strings.Join(lines[max(0, len(lines)-n):], "\n")
}

// built returns the complaints of the compiler about the packages and their
// tests, as file:line:column: text.
func (r *repository) built(packages []string) []string {
	if len(packages) == 0 {
		return nil
	}
	out, err := r.output("go", append([]string{"vet", "-stdmethods"}, packages...)...)
	if err == nil {
		out, err = r.output("go", "build", "./...")
	}
	var complaints []string
	for line := range strings.Lines(out) {
		line = strings.TrimPrefix(strings.TrimSpace(line), "vet: ")
		line = strings.TrimPrefix(line, "./")
		if strings.Count(line, ":") >= 3 && strings.Contains(line, ".go:") {
			complaints = append(complaints, line)
		}
	}
	if err != nil && len(complaints) == 0 {
		complaints = append(complaints, strings.TrimSpace(out))
	}
	return complaints
}

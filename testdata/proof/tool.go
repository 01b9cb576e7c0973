package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strings"
)

// A tool is the killcheck binary under test.
type tool struct {
	path string
	env  []string // added to the environment
}

// A finding is one report of killcheck.
type finding struct {
	Check   string `json:"check"`
	Package string `json:"package"`
	Message string `json:"message"`
	File    string `json:"file"`
	Line    int    `json:"line"`
}

// newTool returns the tool at the given path, or builds one from the module
// at root if the path is empty.
func newTool(binary, root, tmp string) (tool, error) {
	if binary != "" {
		abs, err := filepath.Abs(binary)
		return tool{path: abs}, err
	}
	binary = filepath.Join(tmp, "killcheck")
	cmd := exec.Command("go", "build", "-o", binary, "./cmd/killcheck")
	cmd.Dir = root
	if out, err := cmd.CombinedOutput(); err != nil {
		return tool{}, fmt.Errorf("build killcheck: %w\n%s", err, out)
	}
	return tool{path: binary}, nil
}

// check runs the core checks on all packages of the module in dir.
func (t tool) check(dir string) ([]finding, error) {
	return t.findings(dir, "-tests=false", "./...")
}

// fix applies the fixes of the level to the module in dir, and returns what is
// reported after that.
func (t tool) fix(dir, level string) ([]finding, error) {
	if level == review {
		return t.findings(dir, "-fix", "-review", "-checks=all", "./...")
	}
	return t.findings(dir, "-fix", "./...")
}

func (t tool) findings(dir string, args ...string) ([]finding, error) {
	var report struct {
		Findings    []finding `json:"findings"`
		NotAnalysed []struct {
			Package string `json:"package"`
			Reason  string `json:"reason"`
		} `json:"notAnalysed"`
	}
	out, err := t.run(dir, append([]string{"-format=json"}, args...)...)
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(out, &report); err != nil {
		return nil, fmt.Errorf("output of killcheck: %w", err)
	}
	if len(report.NotAnalysed) > 0 {
		p := report.NotAnalysed[0]
		return nil, fmt.Errorf("killcheck could not analyse %s: %s", p.Package, p.Reason)
	}
	return report.Findings, nil
}

// run returns what killcheck printed. Findings are no error, whatever the exit
// code, but an analysis that failed is.
func (t tool) run(dir string, args ...string) ([]byte, error) {
	cmd := exec.Command(t.path, args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), t.env...)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	err := cmd.Run()
	var exit *exec.ExitError
	if errors.As(err, &exit) && exit.ExitCode() == 1 {
		err = nil // findings
	}
	if err != nil {
		return nil, fmt.Errorf("killcheck %s: %w\n%s", strings.Join(args, " "), err, errs.Bytes())
	}
	return out.Bytes(), nil
}

// byPackage groups findings by the path of their package inside the module.
func byPackage(all []finding, module string) map[string][]finding {
	groups := map[string][]finding{}
	for _, f := range all {
		name := strings.TrimPrefix(f.Package, module+"/")
		groups[name] = append(groups[name], f)
	}
	return groups
}

// describe says what was reported, in one line.
func describe(all []finding) string {
	var parts []string
	for _, f := range all {
		parts = append(parts, fmt.Sprintf("%s:%d %s: %s", path.Base(f.File), f.Line, f.Check, f.Message))
	}
	return strings.Join(parts, "; ")
}

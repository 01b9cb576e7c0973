package main

import (
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// A documented is a command line of a page.
type documented struct {
	line string
	why  string // why it is not run here; empty if it is
}

// marker is a comment above a block of commands that are not run here: they need what
// is not here, or are run elsewhere.
var marker = regexp.MustCompile(`^<!-- (needs|run by): (.+) -->$`)

// command matches what begins a command line.
var commandLine = regexp.MustCompile(`^(\$ )?((killcheck|go|git|golangci-lint|\./custom-gcl|export|source) .*|killcheck)$`)

// documentedIn returns the command lines of a page: in code that is indented, and in
// fences without a language or with that of a shell.
func documentedIn(text string) []documented {
	var all []documented
	fence, shell, why := false, false, ""
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\n")
		if m := marker.FindStringSubmatch(line); m != nil {
			why = m[1] + " " + m[2]
			continue
		}
		if language, ok := strings.CutPrefix(line, "```"); ok {
			if fence = !fence; !fence {
				why = ""
			}
			shell = language == "" || language == "sh" || language == "console"
			continue
		}
		code, indented := strings.CutPrefix(line, "    ")
		switch {
		case fence:
			code, indented = line, shell
		case line != "" && !indented:
			why = "" // the text goes on
		}
		if m := commandLine.FindStringSubmatch(code); indented && m != nil {
			all = append(all, documented{m[2], why})
		}
	}
	return all
}

func TestDocumentedIn(t *testing.T) {
	page := "killcheck text\n\n    killcheck a\n    not one\n\n<!-- needs: x -->\n\n    killcheck b\n\n    killcheck c\n\ntext\n\n```sh\n$ killcheck d\n```\n\n```go\nkillcheck := 1\n```\n<!-- run by: y -->\n```\nkillcheck e\n```\n\n    go f\n"
	var got []string
	for _, d := range documentedIn(page) {
		got = append(got, d.line+"|"+d.why)
	}
	want := "killcheck a|, killcheck b|needs x, killcheck c|needs x, killcheck d|, killcheck e|run by y, go f|"
	if strings.Join(got, ", ") != want {
		t.Errorf("got %q", got)
	}
}

// pages returns the documents for users, by their path.
func pages(t *testing.T) []string {
	t.Helper()
	all := []string{root + "/README.md"}
	err := filepath.WalkDir(root+"/docs", func(path string, e fs.DirEntry, err error) error {
		if err == nil && filepath.Ext(path) == ".md" && !strings.HasPrefix(path, checkPages) {
			all = append(all, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// TestCommands runs every command of README.md and docs, those of a page one after the
// other, in a module with the example of the README. A command of killcheck may end
// with 0 or 1; it must not say that it is used wrongly.
func TestCommands(t *testing.T) {
	long(t)
	if _, err := exec.LookPath("bash"); err != nil {
		t.Skip(err)
	}
	count := 0
	for _, page := range pages(t) {
		for _, d := range documentedIn(read(t, page)) {
			if d.why == "" {
				count++
			}
		}
		name := strings.TrimPrefix(page, root+"/")
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			runPage(t, page)
		})
	}
	if count < 25 {
		t.Errorf("only %d commands are run", count)
	}
}

func runPage(t *testing.T, page string) {
	commands := documentedIn(read(t, page))
	if len(commands) == 0 {
		return
	}
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"bin/killcheck":         "#!/bin/sh\n" + asTool + "=1 exec " + self + " \"$@\"\n",
		"yours/go.mod":          "module example.com/yours\n\ngo 1.25\n",
		"yours/fetch.go":        blocks(read(t, root+"/README.md"), "go")[0],
		"yours/killcheck.kb":    "func example.com/jobs.Run blocks sql never\n",
		"yours/.killcheck.yaml": "checks: core\n",
		"yours/tools.mod":       "module example.com/yours\n\ngo 1.25\n",
	} {
		name = filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o777); err != nil {
			t.Fatal(err)
		}
	}
	env := append(os.Environ(), "HOME="+dir, "GOFLAGS=", "GOWORK=off", "GOPATH="+goEnv(t, "GOPATH"), "GOCACHE="+goEnv(t, "GOCACHE"),
		"PATH="+filepath.Join(dir, "bin")+string(filepath.ListSeparator)+os.Getenv("PATH"),
		"GIT_CONFIG_GLOBAL=/dev/null", "GIT_AUTHOR_NAME=a", "GIT_AUTHOR_EMAIL=a@example.com", "GIT_COMMITTER_NAME=a", "GIT_COMMITTER_EMAIL=a@example.com")
	run := func(line string) (string, int) {
		cmd := exec.Command("bash", "-c", line)
		cmd.Dir, cmd.Env = filepath.Join(dir, "yours"), env
		out, err := cmd.CombinedOutput() // without standard input: a server ends at once
		if exit := new(exec.ExitError); err != nil && !errors.As(err, &exit) {
			t.Fatal(err)
		}
		return string(out), cmd.ProcessState.ExitCode()
	}
	if out, code := run("git init -q . && git add . && git commit -q -m all && git update-ref refs/remotes/origin/main HEAD"); code != 0 {
		t.Skipf("git: %s", out)
	}
	names := strings.NewReplacer("FILE.go:LINE:COLUMN", "fetch.go:8:3", "FILE.go:LINE", "fetch.go:7", "CHECK", "endless", "SYMBOL", "time.Sleep")
	exports := ""
	for _, d := range commands {
		line := names.Replace(d.line)
		if d.why != "" {
			continue
		}
		if strings.HasPrefix(line, "export ") {
			exports += line + "\n"
			continue
		}
		out, code := run(exports + line)
		if code > 1 || strings.Contains(out, "for help.") || strings.Contains(out, "flag provided but not defined") {
			t.Errorf("%s\nends with %d:\n%s", line, code, out)
		}
	}
}

func goEnv(t *testing.T, name string) string {
	t.Helper()
	out, err := exec.Command("go", "env", name).Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(out))
}

package main

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const contributing = root + "/CONTRIBUTING.md"

// sections returns the parts of a document by their headings of the second level.
func sections(text string) map[string]string {
	parts := make(map[string]string)
	for _, part := range strings.Split(text, "\n## ")[1:] {
		name, body, _ := strings.Cut(part, "\n")
		parts[name] = body
	}
	return parts
}

// TestContributing holds CONTRIBUTING.md against the repository: the files that it
// names exist, and each command has a walk in TestContributingWalk.
func TestContributing(t *testing.T) {
	page := read(t, contributing)
	count := 0
	for _, pattern := range []string{"`((?:analyzer|passes|cmd|promote|testdata|\\.ci)[\\w./*-]*)`", `\]\(([^):]+)\)`} {
		for _, m := range regexp.MustCompile(pattern).FindAllStringSubmatch(page, -1) {
			if strings.Contains(m[1], "CHECK") || strings.Contains(m[1], "lostlog") {
				continue
			}
			count++
			if found, err := filepath.Glob(filepath.Join(root, m[1])); err != nil || len(found) == 0 {
				t.Errorf("%s: there is no %s", contributing, m[1])
			}
		}
	}
	if count < 15 {
		t.Errorf("only %d files are named", count)
	}
	for name, text := range sections(page) {
		walked := slices.ContainsFunc(walks, func(w walk) bool { return w.section == name })
		if !walked && len(blocks(text, "sh")) > 0 {
			t.Errorf("nobody walks the commands of %q", name)
		}
	}
	if _, err := os.Stat(root + "/passes/lostlog"); err == nil {
		t.Error("the check that the page adds is there already")
	}
}

// TestIssueForms requires that each form asks for a program and for what explain
// says, and that the page for contributors leads to it.
func TestIssueForms(t *testing.T) {
	page := read(t, contributing)
	forms, err := filepath.Glob(root + "/.github/ISSUE_TEMPLATE/*.yml")
	if err != nil {
		t.Fatal(err)
	}
	forms = slices.DeleteFunc(forms, func(name string) bool { return filepath.Base(name) == "config.yml" })
	if len(forms) != 3 {
		t.Errorf("%d forms", len(forms))
	}
	for _, form := range forms {
		text := read(t, form)
		for _, want := range []string{"\n    id: program\n", "\n    id: explain\n", "`killcheck explain FILE:LINE`", "required: true"} {
			if !strings.Contains(text, want) {
				t.Errorf("%s lacks %q", form, want)
			}
		}
		if link := "(.github/ISSUE_TEMPLATE/" + filepath.Base(form) + ")"; !strings.Contains(page, link) {
			t.Errorf("CONTRIBUTING.md has no link %s", link)
		}
	}
}

// A walk follows the commands of one section.
type walk struct {
	section string
	follow  func(t *testing.T, c *clone, text string)
}

// walks do what the sections of CONTRIBUTING.md say, each in a clone.
var walks = []walk{
	{"Add a check", walkCheck},
	{"Add a blocking call", walkRow},
	{"Report a false positive or a miss", walkReport},
	{"See what a change does to real code", walkCompare},
}

// TestContributingWalk follows each section of CONTRIBUTING.md in a clone of its
// own, by the commands that stand there.
func TestContributingWalk(t *testing.T) {
	long(t)
	for _, w := range walks {
		t.Run(w.section, func(t *testing.T) {
			c := newClone(t)
			text, ok := sections(read(t, filepath.Join(c.dir, "CONTRIBUTING.md")))[w.section]
			if !ok {
				t.Fatal("the page has no such section")
			}
			w.follow(t, c, text)
		})
	}
}

// A clone is a fresh one of this repository, with its last commit on main.
type clone struct {
	t   *testing.T
	dir string
	env []string
}

func newClone(t *testing.T) *clone {
	c := &clone{t: t, dir: filepath.Join(t.TempDir(), "killcheck")}
	c.env = append(os.Environ(), longVariable+"=", "GOWORK=off", "GOFLAGS="+anyFolder, "GOROOT="+goEnv(t, "GOROOT"),
		"GIT_CONFIG_GLOBAL="+os.DevNull, "GIT_CONFIG_NOSYSTEM=1", "GIT_AUTHOR_NAME=a", "GIT_AUTHOR_EMAIL=a@example.com", "GIT_COMMITTER_NAME=a", "GIT_COMMITTER_EMAIL=a@example.com")
	from, err := filepath.Abs(root)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("git", "clone", "-q", from, c.dir)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("git clone: %v\n%s", err, out)
	}
	c.run("git checkout -q -B main", 0)
	return c
}

// run runs a command in the clone, requires an exit code, and returns what it
// printed.
func (c *clone) run(command string, want int) string {
	c.t.Helper()
	return c.runIn(c.dir, command, want)
}

func (c *clone) runIn(dir, command string, want int) string {
	c.t.Helper()
	cmd := exec.Command("sh", "-e", "-c", command)
	cmd.Dir, cmd.Env = dir, c.env
	out, err := cmd.CombinedOutput()
	if exit := new(exec.ExitError); err != nil && !errors.As(err, &exit) {
		c.t.Fatal(err)
	}
	if code := cmd.ProcessState.ExitCode(); code != want {
		c.t.Fatalf("%s\nexit code %d, want %d\n%s", command, code, want, out)
	}
	return string(out)
}

// edit changes a file of the clone, which must change.
func (c *clone) edit(name string, change func(text string) string) {
	c.t.Helper()
	file := filepath.Join(c.dir, name)
	before := read(c.t, file)
	after := change(before)
	if before == after {
		c.t.Fatalf("%s: nothing to change", name)
	}
	if err := os.WriteFile(file, []byte(after), 0o666); err != nil {
		c.t.Fatal(err)
	}
}

// commands returns the commands of a section, of which there must be so many
// blocks.
func commands(t *testing.T, text string, want int) []string {
	t.Helper()
	found := blocks(text, "sh")
	if len(found) != want {
		t.Fatalf("%d blocks of commands, want %d", len(found), want)
	}
	return found
}

// walkCheck makes a check, adds it to the list as the command says, and runs its
// tests.
func walkCheck(t *testing.T, c *clone, text string) {
	do := commands(t, text, 2)
	said := c.run(do[0], 0)
	line := blocks(text, "go")[0]
	if !strings.Contains(said, line) || !strings.Contains(said, strings.ReplaceAll("\t"+strings.TrimSpace(do[1]), "\n", "\n\t")) {
		t.Errorf("newcheck does not say what the page says, but\n%s", said)
	}
	imported := regexp.MustCompile(`(?m)^\t"github\.com/.*/lostlog"\n`).FindString(said)
	c.edit("passes/passes.go", func(text string) string {
		lines := strings.SplitAfter(text, "\n")
		last, imports := 0, 0
		for i, l := range lines {
			if strings.HasPrefix(l, "\tadd(Extended, ") {
				last = i + 1
			}
			if strings.HasPrefix(l, "\t\"github.com/killcheck/killcheck/passes/") {
				imports = i + 1
			}
		}
		lines = slices.Insert(lines, last, line)
		return strings.Join(slices.Insert(lines, imports, imported), "")
	})
	c.run(do[1], 0)
	c.run(do[0]+" 2>/dev/null", 1) // go run makes it 1: the folder is there
	if out := c.run("go run ./cmd/killcheck explain lostlog", 0); !strings.HasPrefix(out, "lostlog (extended)\n\nreport goroutines that show no end\n") {
		t.Errorf("explain says\n%s", out)
	}
	want := " M README.md\n M docs/schema/config.json\n M passes/passes.go\n?? docs/checks/lostlog.md\n?? passes/lostlog/\n"
	if out := c.run("git status --short", 0); out != want {
		t.Errorf("changed are\n%swant\n%s", out, want)
	}
	found := c.runIn(fetchModule(t), c.build()+" -checks=lostlog ./...", 1)
	if !strings.HasPrefix(found, "fetch.go:7:2: lostlog (extended): goroutine shows no end") {
		t.Errorf("the new check finds\n%s", found)
	}
}

// build builds killcheck in the clone and returns its path.
func (c *clone) build() string {
	binary := filepath.Join(filepath.Dir(c.dir), "bin", "killcheck")
	c.run("go build -o '"+binary+"' ./cmd/killcheck", 0)
	return binary
}

// writeModule makes a module of one file and returns its folder.
func writeModule(t *testing.T, dir, name, text string) string {
	t.Helper()
	if err := os.MkdirAll(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	for file, text := range map[string]string{"go.mod": "module example.com/m\n\ngo 1.25\n", name: text} {
		if err := os.WriteFile(filepath.Join(dir, file), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// fetchModule makes a module of the example of the README.
func fetchModule(t *testing.T) string {
	t.Helper()
	return writeModule(t, t.TempDir(), "fetch.go", blocks(read(t, root+"/README.md"), "go")[0])
}

// readsUnix holds a goroutine that is known to stay only if ReadMsgUnix is known to
// wait.
const readsUnix = `package m

import (
	"context"
	"net"
)

func Serve(ctx context.Context, path string, handle func([]byte)) error {
	c, err := net.DialUnix("unix", nil, &net.UnixAddr{Name: path, Net: "unix"})
	if err != nil {
		return err
	}
	go func() {
		buf := make([]byte, 1024)
		for ctx.Err() == nil {
			n, _, _, _, err := c.ReadMsgUnix(buf, nil)
			if err != nil {
				return
			}
			handle(buf[:n])
		}
	}()
	return nil
}
`

// foundUnix is what is found in it then.
const foundUnix = "unix.go:16:23: uninterruptible: "

// withoutRow takes the row that the page shows out of the tables, and returns it.
func (c *clone) withoutRow() string {
	c.t.Helper()
	row := blocks(sections(read(c.t, filepath.Join(c.dir, "CONTRIBUTING.md")))["Add a blocking call"], "kb")[0]
	c.edit("analyzer/kb/std-net.kb", func(text string) string { return strings.Replace(text, row, "", 1) })
	return row
}

// walkRow adds the row that the page shows to tables that lack it.
func walkRow(t *testing.T, c *clone, text string) {
	do := commands(t, text, 1)
	row := c.withoutRow()
	unix := writeModule(t, t.TempDir(), "unix.go", readsUnix)
	if out := c.runIn(unix, c.build()+" ./...", 0); out != "" {
		t.Errorf("found without the row:\n%s", out)
	}
	c.edit("analyzer/kb/std-net.kb", func(text string) string { return text + row })
	if out := c.run(do[0], 0); !strings.Contains(out, "what ends the wait: close:recv, deadline:recv\n") {
		t.Errorf("the commands print\n%s", out)
	}
	if out := c.runIn(unix, c.build()+" ./...", 1); !strings.HasPrefix(out, foundUnix) {
		t.Errorf("found with the row:\n%s", out)
	}
}

// walkReport explains the goroutine of the example in the README.
func walkReport(t *testing.T, c *clone, text string) {
	do := commands(t, text, 1)
	binary := c.build()
	c.env = append(c.env, "PATH="+filepath.Dir(binary)+string(os.PathListSeparator)+os.Getenv("PATH"))
	out := c.runIn(fetchModule(t), do[0], 0)
	for _, want := range []string{"fetch.go:7", "result", "abandoned"} {
		if !strings.Contains(out, want) {
			t.Errorf("%s prints\n%swithout %q", do[0], out, want)
		}
	}
}

// walkCompare compares two commits, of which the second knows that a function
// waits.
func walkCompare(t *testing.T, c *clone, text string) {
	do := commands(t, text, 1)
	row := c.withoutRow()
	c.run("git commit -qam 'analyzer/kb: without the row'", 0)
	c.run("git checkout -q -b change", 0)
	c.edit("analyzer/kb/std-net.kb", func(text string) string { return text + row })
	c.run("git commit -qam 'analyzer/kb: with the row'", 0)
	writeModule(t, filepath.Join(filepath.Dir(c.dir), "repos", "raft"), "unix.go", readsUnix)
	writeModule(t, filepath.Join(filepath.Dir(c.dir), "repos", "other"), "unix.go", readsUnix)
	out := c.run(do[0], 1)
	for _, want := range []string{"raft: differs (findings: 1, goroutines: 1)\n", "findings new: 1\n", "+ " + foundUnix, "map: ", "\nall (1): findings: 0 gone, 1 new, "} {
		if !strings.Contains(out, want) {
			t.Errorf("%s prints\n%swithout %q", do[0], out, want)
		}
	}
	if out := c.run("git worktree list --porcelain", 0); strings.Count(out, "worktree ") != 1 {
		t.Errorf("work trees are left:\n%s", out)
	}
}

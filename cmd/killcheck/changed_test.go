package main

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
)

func TestReadHunk(t *testing.T) {
	for line, want := range map[string]lineRange{
		"@@ -1 +1 @@":              {1, 1},
		"@@ -1,2 +3,4 @@ func f()": {3, 6},
		"@@ -5,2 +4,0 @@":          {4, 5},
	} {
		if got, _, err := readHunk(line); err != nil || got != want {
			t.Errorf("%s: %v, %v", line, got, err)
		}
	}
	for _, line := range []string{"@@", "@@ -1 +x @@", "@@ -1 +1,x @@", "@@ -x +1 @@"} {
		if _, _, err := readHunk(line); err == nil {
			t.Errorf("%s: no error", line)
		}
	}
}

// TestReadHunks: a changed line that looks like a header is none.
func TestReadHunks(t *testing.T) {
	const diff = "diff --git a/a.go b/a.go\n--- a/a.go\n+++ b/a.go\n" +
		"@@ -1,2 +1 @@\n--- a/x.go\n-@@ -1 +1 @@\n+++ b/x.go\n\\ No newline at end of file\n" +
		"@@ -9 +8,2 @@\n-a\n+b\n+c\n" +
		"diff --git a/b.go b/b.go\n--- a/b.go\n+++ \"b/b\\303\\244.go\"\n@@ -1 +1 @@\n-a\n+b\n"
	all, err := readHunks("/r", diff)
	if err != nil || len(all) != 2 {
		t.Fatalf("%v, %v", all, err)
	}
	a, b := all[filepath.Join("/r", "a.go")], all[filepath.Join("/r", "bä.go")]
	if a == nil || !slices.Equal(a.hunks, []lineRange{{1, 1}, {8, 9}}) || b == nil || !slices.Equal(b.hunks, []lineRange{{1, 1}}) {
		t.Errorf("%+v, %+v", a, b)
	}
}

// TestHostileRepository: the configuration and the attributes of a repository name
// programs in all ways that git knows. None of them runs, and what has changed is
// found all the same.
func TestHostileRepository(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("no shell")
	}
	s := newShell(t, map[string]string{"a.go": "package a\n", "b.go": "package a\n", "d.go": "package a\n"})
	if _, ok := s.try("git", "version"); !ok {
		t.Skip("no git")
	}
	dir, err := filepath.EvalSymlinks(s.dir)
	if err != nil {
		t.Fatal(err)
	}
	marks := t.TempDir()
	program := func(name string) string {
		file := filepath.Join(marks, name+".sh")
		if err := os.WriteFile(file, []byte("#!/bin/sh\n: >'"+filepath.Join(marks, name)+"'\ncat 2>/dev/null\nexit 0\n"), 0o777); err != nil {
			t.Fatal(err)
		}
		return file
	}
	ran := func() []string {
		entries, err := os.ReadDir(marks)
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, e := range entries {
			if !strings.HasSuffix(e.Name(), ".sh") {
				names = append(names, e.Name())
				os.Remove(filepath.Join(marks, e.Name()))
			}
		}
		return names
	}
	write := func(name, text string) {
		if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o777); err != nil {
			t.Fatal(err)
		}
	}
	s.run("git", "init", "-q")
	s.run("git", "add", ".")
	s.run("git", "commit", "-qm", "first")

	for name, value := range map[string]string{
		"core.fsmonitor": program("fsmonitor"), "core.pager": program("pager"), "pager.diff": program("pager-diff"),
		"core.sshCommand": program("ssh"), "core.gitProxy": program("proxy"), "credential.helper": "!" + program("credential"),
		"diff.external": program("external"), "diff.evil.command": program("command"), "diff.evil.textconv": program("textconv"),
		"filter.a=b.clean": program("clean"), "filter.a=b.smudge": program("smudge"), "filter.a=b.required": "true",
		"filter.proc.process": program("process"),
		"alias.diff":          "!" + program("alias"), "alias.ls-files": "!" + program("alias"), "alias.config": "!" + program("alias"),
		"core.excludesFile": "/dev/zero", "diff.orderFile": "/dev/zero", "core.attributesFile": "/dev/zero",
		"diff.noprefix": "true", "color.diff": "always", "diff.relative": "true", "diff.interHunkContext": "99",
	} {
		s.run("git", "config", name, value)
	}
	write(".git/config.more", "[filter \"inc\"]\n\tclean = "+program("included")+"\n")
	s.run("git", "config", "include.path", "config.more")
	for _, hook := range []string{"post-index-change", "fsmonitor-watchman", "reference-transaction"} {
		data, err := os.ReadFile(program("hook-" + hook))
		if err != nil {
			t.Fatal(err)
		}
		write(".git/hooks/"+hook, string(data))
	}
	write(".gitattributes", "a.go filter=a=b diff=evil -text binary\nb.go filter=proc diff=evil\nc.go filter=inc diff=evil -diff\n")
	write("a.go", "package a\n\nvar A int\n")
	write("b.go", "package a\n\n\nvar B int\n")
	write("c.go", "package a\n")
	write("d.go", "package a\n\nvar D int\n")

	got, err := changedLines(context.Background(), dir, "HEAD")
	if err != nil {
		t.Fatal(err)
	}
	g, err := openRepository(context.Background(), dir)
	if err != nil {
		t.Fatal(err)
	}
	hash, err := g.resolve(context.Background(), "HEAD")
	if err != nil {
		t.Fatal(err)
	}
	tree, err := g.tree(context.Background(), hash)
	if err != nil {
		t.Fatal(err)
	}
	if len(tree.Old) != 1 || string(tree.Old["d.go"]) != "package a\n" || !tree.Changed["a.go"] {
		t.Errorf("as it was: %q, changed: %v", tree.Old, tree.Changed)
	}
	if names := ran(); len(names) > 0 {
		t.Errorf("these ran: %s", strings.Join(names, " "))
	}
	a, b, c := got[filepath.Join(dir, "a.go")], got[filepath.Join(dir, "b.go")], got[filepath.Join(dir, "c.go")]
	if a == nil || !slices.Equal(a.hunks, []lineRange{{2, 3}}) || b == nil || !slices.Equal(b.hunks, []lineRange{{2, 4}}) || c == nil || !c.whole {
		t.Errorf("a.go %+v, b.go %+v, c.go %+v", a, b, c)
	}
	for _, revision := range []string{"-x", "--output=x", "--", "nosuch", ""} {
		if _, err := changedLines(context.Background(), dir, revision); err == nil {
			t.Errorf("%q is a revision", revision)
		}
	}

	// The test can fail: git by itself runs most of them.
	s.run("git", "config", "--unset", "core.excludesFile")
	s.run("git", "config", "--unset", "core.attributesFile")
	s.run("git", "config", "--unset", "diff.orderFile")
	_ = exec.Command("git", "-C", dir, "diff", "HEAD").Run()
	s.run("git", "config", "--unset", "diff.external")
	s.run("git", "config", "--unset", "diff.evil.command")
	write(".gitattributes", "* diff=evil\n")
	_ = exec.Command("git", "-C", dir, "--no-optional-locks", "diff", "HEAD").Run()
	write(".gitattributes", "c.go filter=inc\n")
	_ = exec.Command("git", "-C", dir, "add", ".").Run()
	names := ran()
	for _, want := range []string{"fsmonitor", "clean", "process", "included", "hook-post-index-change", "command", "textconv"} {
		if !slices.Contains(names, want) {
			t.Errorf("%s does not run in git itself; these do: %s", want, strings.Join(names, " "))
		}
	}
}

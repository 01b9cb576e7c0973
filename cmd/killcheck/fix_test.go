package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// TestFixNotWritten shows that -fix tells of files that it could not write. The
// go command is a script that cannot write any; permissions would not stop a
// test that runs as root.
func TestFixNotWritten(t *testing.T) {
	real, err := exec.LookPath("go")
	if err != nil || runtime.GOOS == "windows" {
		t.Skip("no shell")
	}
	bin := t.TempDir()
	script := "#!/bin/sh\ncase \" $* \" in *' -fix '*) echo 'applying fix: open fetch.go: permission denied' >&2; exit 1 ;; esac\nexec " + real + " \"$@\"\n"
	if err := os.WriteFile(filepath.Join(bin, "go"), []byte(script), 0o777); err != nil {
		t.Fatal(err)
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	s := newShell(t, map[string]string{"go.mod": "module example.com/fetch\n\ngo 1.25.0\n", "fetch.go": leaking})
	s.env = append(s.env, asTool+"=1", "PATH="+bin+string(filepath.ListSeparator)+os.Getenv("PATH"))
	out, code := s.exit(self, "-fix", "-driver=vet", ".")
	if code != int(exitFailure) || !strings.Contains(out, "fetch.go:7:14: abandoned: ") ||
		!strings.HasSuffix(out, "killcheck: applying fix: open fetch.go: permission denied\n") {
		t.Errorf("exit %d\n%s", code, out)
	}
}

func TestNotAmong(t *testing.T) {
	said := []string{"vet: ./m.go:3:1: undefined: x", "applying fix: open n.go: permission denied"}
	got := notAmong(said, []problem{{"example.com/m", "m.go:3:1: undefined: x\nm.go:4:1: undefined: y"}, {"example.com/o", ""}})
	if len(got) != 1 || !strings.HasPrefix(got[0], "applying fix") {
		t.Errorf("got %q", got)
	}
}

func TestRenumbered(t *testing.T) {
	wrong := "--- a.go\n+++ a.go\n@@ -13,6 +13,8 @@\n x\n@@ -25,7 +27,9 @@\n x\n@@ -46,6 +45,7 @@\n-@@ -1,2 +9,9 @@\n"
	want := "--- a.go\n+++ a.go\n@@ -13,6 +13,8 @@\n x\n@@ -25,7 +27,9 @@\n x\n@@ -46,6 +50,7 @@\n-@@ -1,2 +9,9 @@\n"
	if got := renumbered(wrong); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

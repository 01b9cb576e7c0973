package finding

import (
	"os"
	"path/filepath"
	"testing"
)

// TestSourceOpens: only files that are analysed are opened, wherever a link leads.
func TestSourceOpens(t *testing.T) {
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	path := func(name string) string { return filepath.Join(dir, filepath.FromSlash(name)) }
	for name, text := range map[string]string{
		"m/go.mod": "module m\n", "m/p/a.go": "package p\n", "m/p/other.go": "package p\n", "m/q/q.go": "package q\n",
		"m/.git/config": "secret\n", "secret.go": "secret\n", "overlay/b.go": "package overlay\n",
	} {
		if err := os.MkdirAll(filepath.Dir(path(name)), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path(name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	links := map[string]string{"inside.go": "../q/q.go", "outside.go": "../../secret.go", "config.go": "../.git/config", "zero.go": "/dev/zero", "lost.go": "none.go"}
	for name, to := range links {
		if err := os.Symlink(to, path("m/p/"+name)); err != nil {
			t.Skip(err)
		}
	}
	analysed := make(Listing)
	analysed.Add(path("m/p"), "a.go", "b.go", "inside.go", "outside.go", "config.go", "zero.go", "lost.go", "set.go")
	s := NewSource(analysed, map[string]string{path("m/p/b.go"): path("overlay/b.go")})
	s.Set(path("m/p/set.go"), "package set\n")
	for name, want := range map[string]string{
		"m/p/a.go": "package p", "m/p/b.go": "package overlay", "m/p/inside.go": "package q", "m/p/set.go": "package set",
		"m/p/other.go": "", "m/p/outside.go": "", "m/p/config.go": "", "m/p/zero.go": "", "m/p/lost.go": "", "secret.go": "", "m/.git/config": "",
	} {
		got := s.Line(path(name), 1)
		if _, known := s.Text(path(name)); got != want || known != (want != "") {
			t.Errorf("%s: %q, known %v; want %q", name, got, known, want)
		}
	}
	if got := s.Line("/dev/zero", 1); got != "" {
		t.Errorf("/dev/zero: %d bytes", len(got))
	}
	if got := Root(path("m/p")); got != path("m") {
		t.Errorf("the root of p is %s", got)
	}
	if got := Root(path("overlay")); got != path("overlay") {
		t.Errorf("the root of a folder without module is %s", got)
	}
}

// TestSourceLimit: a file that is too large has no lines.
func TestSourceLimit(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "a.go")
	if err := os.WriteFile(name, []byte("package p\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(name, MaxSource+1); err != nil {
		t.Fatal(err)
	}
	analysed := make(Listing)
	analysed.Add(dir, "a.go")
	if got := NewSource(analysed, nil).Line(name, 1); got != "" {
		t.Errorf("%d bytes", len(got))
	}
}

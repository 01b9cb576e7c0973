package analyzer

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestIsProgram(t *testing.T) {
	for _, test := range []struct {
		name  string
		files map[string]string
		want  bool
	}{
		{"command", map[string]string{"main.go": "package main\n"}, true},
		{"library", map[string]string{"lib.go": "package lib\n"}, false},
		{"generator beside a library", map[string]string{"lib.go": "package lib\n", "gen.go": "//go:build ignore\n\npackage main\n"}, false},
		{"generator alone", map[string]string{"gen.go": "//go:build ignore\n\npackage main\n"}, false},
		{"test alone", map[string]string{"main_test.go": "package main\n"}, false},
		{"no Go", map[string]string{"main.txt": "package main\n"}, false},
		{"broken", map[string]string{"main.go": "package"}, false},
		{"two packages", map[string]string{"main.go": "package main\n", "lib.go": "package lib\n"}, false},
		{"commands beside no package", map[string]string{"cmd/a/doc.txt": "", "cmd/b/main.go": "package main\n", "gen.go": "//go:build ignore\n\npackage main\n"}, true},
		{"one command beside no package", map[string]string{"cmd/main.go": "package main\n"}, true},
		{"commands beside a library", map[string]string{"lib.go": "package lib\n", "cmd/a/main.go": "package main\n"}, true},
		{"commands beside what is broken", map[string]string{"lib.go": "package", "cmd/a/main.go": "package main\n"}, true},
		{"a library in cmd", map[string]string{"cmd/a/lib.go": "package lib\n"}, false},
		{"a command elsewhere", map[string]string{"tools/a/main.go": "package main\n"}, false},
		{"too large", map[string]string{"main.go": strings.Repeat("// text\n", maxRoot/8) + "package main\n"}, false},
	} {
		dir := t.TempDir()
		for name, text := range test.files {
			name = filepath.Join(dir, filepath.FromSlash(name))
			if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if got := isProgram(dir); got != test.want {
			t.Errorf("%s: %v, want %v", test.name, got, test.want)
		}
	}
	if isProgram(filepath.Join(t.TempDir(), "none")) {
		t.Error("a folder that is not there is a command")
	}
}

// What is not a regular file is not opened: a device has no end.
func TestIsProgramOpensFiles(t *testing.T) {
	dir := t.TempDir()
	if err := os.Symlink(os.DevNull, filepath.Join(dir, "main.go")); err != nil {
		t.Skip(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "real.go"), []byte("package main\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if !isProgram(dir) {
		t.Error("a link beside the file of a command hides it")
	}
}

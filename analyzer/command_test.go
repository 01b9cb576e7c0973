package analyzer

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestIsCommand(t *testing.T) {
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
		{"too large", map[string]string{"main.go": strings.Repeat("// text\n", maxRoot/8) + "package main\n"}, false},
	} {
		dir := t.TempDir()
		for name, text := range test.files {
			if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if got := isCommand(dir); got != test.want {
			t.Errorf("%s: %v, want %v", test.name, got, test.want)
		}
	}
	if isCommand(filepath.Join(t.TempDir(), "none")) {
		t.Error("a folder that is not there is a command")
	}
}

// What is not a regular file is not opened: a device has no end.
func TestIsCommandOpensFiles(t *testing.T) {
	dir := t.TempDir()
	if err := os.Symlink(os.DevNull, filepath.Join(dir, "main.go")); err != nil {
		t.Skip(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "real.go"), []byte("package main\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if !isCommand(dir) {
		t.Error("a link beside the file of a command hides it")
	}
}

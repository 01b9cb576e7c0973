package main

import (
	"bytes"
	"encoding/json"
	"go/format"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// repository makes a folder that looks like that of the repository.
func repository(t *testing.T) string {
	t.Helper()
	root := t.TempDir()
	if err := os.Mkdir(filepath.Join(root, "passes"), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(root, "passes", "passes.go"), []byte("package passes\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	return root
}

func TestWrite(t *testing.T) {
	root := repository(t)
	written, err := write(root, "lostlog")
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"passes/lostlog/doc.go", "passes/lostlog/lostlog.go", "passes/lostlog/question.go",
		"passes/lostlog/lostlog_test.go", "passes/lostlog/testdata/src/lostlog/lostlog.go"}
	if !slices.Equal(written, want) {
		t.Errorf("wrote %q, want %q", written, want)
	}
	for _, file := range written {
		text, err := os.ReadFile(filepath.Join(root, file))
		if err != nil {
			t.Fatal(err)
		}
		formatted, err := format.Source(text)
		if err != nil {
			t.Errorf("%s: %v", file, err)
		} else if !bytes.Equal(text, formatted) {
			t.Errorf("%s is not formatted", file)
		}
	}
}

// TestCompiles builds a skeleton and its test as if it stood beside the other
// checks.
func TestCompiles(t *testing.T) {
	root := repository(t)
	written, err := write(root, "lostlog")
	if err != nil {
		t.Fatal(err)
	}
	module, err := filepath.Abs("../../..")
	if err != nil {
		t.Fatal(err)
	}
	var overlay struct{ Replace map[string]string }
	overlay.Replace = make(map[string]string)
	for _, file := range written {
		overlay.Replace[filepath.Join(module, file)] = filepath.Join(root, file)
	}
	data, err := json.Marshal(overlay)
	if err != nil {
		t.Fatal(err)
	}
	list := filepath.Join(root, "overlay.json")
	if err := os.WriteFile(list, data, 0o666); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("go", "test", "-c", "-vet=off", "-o", os.DevNull, "-overlay", list, "./passes/lostlog")
	cmd.Dir = module
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

func TestNames(t *testing.T) {
	root := repository(t)
	for _, name := range []string{"", "Lost", "lost-log", "lost_log", "../lost", "lost/log", "1lost", "löst", "-h", "func", "all", "internal", "verdict"} {
		if validName(name) == nil {
			t.Errorf("%q is allowed", name)
		}
	}
	if err := validName("lostlog2"); err != nil {
		t.Error(err)
	}
	if _, err := write(root, "lostlog"); err != nil {
		t.Fatal(err)
	}
	mine := filepath.Join(root, "passes", "lostlog", "question.go")
	if err := os.WriteFile(mine, []byte("mine"), 0o666); err != nil {
		t.Fatal(err)
	}
	if _, err := write(root, "lostlog"); err == nil || !strings.Contains(err.Error(), "passes/lostlog is already there") {
		t.Errorf("a folder that exists: %v", err)
	}
	if text, err := os.ReadFile(mine); err != nil || string(text) != "mine" {
		t.Errorf("the file that was there holds %q, %v", text, err)
	}
}

// TestElsewhere runs it in a folder that is not the repository.
func TestElsewhere(t *testing.T) {
	root := t.TempDir()
	if _, err := write(root, "lostlog"); err == nil {
		t.Error("no error")
	}
	if left, err := os.ReadDir(root); err != nil || len(left) > 0 {
		t.Errorf("left %v, %v", left, err)
	}
}

func TestArguments(t *testing.T) {
	for _, args := range [][]string{nil, {"a", "b"}, {"A"}, {"-h"}} {
		var out bytes.Buffer
		if err := run(args, &out); err == nil || out.Len() > 0 {
			t.Errorf("%q: error %v, prints %q", args, err, out.String())
		}
	}
}

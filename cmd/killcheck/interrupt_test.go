//go:build linux

package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestInterrupt sends the signal of ctrl-C while go vet runs, and sees that
// killcheck ends and leaves no process behind. The go command of the
// test is a script that starts a child of its own and waits for ever.
func TestInterrupt(t *testing.T) {
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	started := filepath.Join(dir, "started")
	script := `#!/bin/sh
case "$1" in
env) echo go1.26.0 ;;
list) echo '{"ImportPath": "example.com/m", "Dir": "` + dir + `", "GoFiles": ["m.go"]}' ;;
vet) sleep 3600 & : >"` + started + `"; wait ;;
esac
`
	if err := os.WriteFile(filepath.Join(dir, "go"), []byte(script), 0o777); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self, ".")
	cmd.Dir = dir
	mark := "KILLCHECK_TEST_MARK=" + dir
	cmd.Env = append(os.Environ(), asTool+"=1", mark, "PATH="+dir+":"+os.Getenv("PATH"))
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	waitFor(t, "go vet to start", func() bool { _, err := os.Stat(started); return err == nil })
	if n := len(marked(mark)); n < 3 {
		t.Errorf("%d processes before the signal, want killcheck, the script and its child", n)
	}
	if err := cmd.Process.Signal(syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait() // its code is looked at below
	if code := cmd.ProcessState.ExitCode(); code != int(exitInterrupted) {
		t.Errorf("exit code %d, want %d", code, exitInterrupted)
	}
	if got := stderr.String(); got != "killcheck: interrupted\n" {
		t.Errorf("stderr: %q", got)
	}
	waitFor(t, "the processes to end", func() bool { return len(marked(mark)) == 0 })
}

// waitFor waits for a condition, up to minutes.
func waitFor(t *testing.T, what string, condition func() bool) {
	t.Helper()
	for end := time.Now().Add(5 * time.Minute); !condition(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("no end of waiting for %s", what)
		}
	}
}

// marked returns the processes that have a variable in their environment.
func marked(variable string) []string {
	files, _ := filepath.Glob("/proc/[0-9]*/environ")
	var found []string
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err == nil && strings.Contains(string(data), variable+"\x00") {
			found = append(found, file)
		}
	}
	return found
}

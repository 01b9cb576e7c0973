package main

import (
	"bytes"
	"context"
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// programTime is how long a program may run. Its judge takes a second.
const programTime = 15 * time.Second

// judge builds the package in the module at dir, runs it, and returns its last
// line: clean, leaked N, or what went wrong.
func (e *env) judge(dir, pkg string) string {
	binary := filepath.Join(e.tmp, "program")
	build := exec.Command("go", "build", "-o", binary, "./"+pkg)
	build.Dir = dir
	if out, err := build.CombinedOutput(); err != nil {
		return "does not build: " + firstError(out)
	}
	ctx, cancel := context.WithTimeout(context.Background(), programTime)
	defer cancel()
	var out, errs bytes.Buffer
	cmd := exec.CommandContext(ctx, binary)
	cmd.Dir = e.tmp
	cmd.Stdout, cmd.Stderr = &out, &errs
	cmd.WaitDelay = time.Second
	if _, err := cmd.StdinPipe(); err != nil { // stays open and silent
		return "fails: " + err.Error()
	}
	if err := cmd.Run(); err != nil {
		return fmt.Sprintf("fails: %v: %s", err, firstError(errs.Bytes()))
	}
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	return lines[len(lines)-1]
}

func leaked(verdict string) bool { return strings.HasPrefix(verdict, "leaked ") }

// firstError returns the first line that is no package heading.
func firstError(out []byte) string {
	for _, line := range strings.Split(string(out), "\n") {
		if line != "" && !strings.HasPrefix(line, "#") {
			return line
		}
	}
	return ""
}

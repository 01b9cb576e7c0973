package main

import (
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"github.com/killcheck/killcheck/promote"
)

func TestMain(m *testing.M) {
	if err := promote.Init(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(m.Run())
}

func TestRun(t *testing.T) {
	_, noPS := exec.LookPath("ps")
	_, noProc := os.Stat("/proc/self/stat")
	if noPS != nil && noProc != nil {
		t.Skip("neither ps nor /proc lists the processes here")
	}
	var b strings.Builder
	err := run(&b)
	t.Log(b.String())
	if err != nil {
		t.Fatal(err)
	}
	before, after, _ := strings.Cut(b.String(), "cancelled")
	pid := regexp.MustCompile(`(?m)^\s*(\d+) `).FindStringSubmatch(before)
	if pid == nil {
		t.Fatal("the list before the cancel shows no process")
	}
	if !strings.Contains(after, "no process "+pid[1]) {
		t.Errorf("process %s is still listed", pid[1])
	}
}

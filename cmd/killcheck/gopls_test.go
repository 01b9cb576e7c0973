package main

import (
	"slices"
	"testing"
)

func TestIsShim(t *testing.T) {
	for name, want := range map[string]bool{
		"gopls": true, "/opt/bin/gopls": true, "gopls.exe": true, "GOPLS.EXE": true,
		"killcheck": false, "/opt/gopls/killcheck": false, "gopls-v0": false, "": false,
	} {
		if got := isShim(name); got != want {
			t.Errorf("%q is the shim: %t, want %t", name, got, want)
		}
	}
}

func TestSplitArgs(t *testing.T) {
	own, rest := splitArgs([]string{"-remote=auto", "-killcheck.checks=all", "serve", "--killcheck.log=x", "killcheck.go"})
	if !slices.Equal(own, []string{"-killcheck.checks=all", "--killcheck.log=x"}) {
		t.Errorf("ours: %q", own)
	}
	if !slices.Equal(rest, []string{"-remote=auto", "serve", "killcheck.go"}) {
		t.Errorf("for gopls: %q", rest)
	}
}

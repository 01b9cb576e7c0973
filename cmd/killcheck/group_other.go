//go:build !unix

package main

import (
	"os/exec"
	"time"
)

// ownGroup bounds the wait for what cmd has started. This system has no
// process groups that could be killed as a whole.
func ownGroup(cmd *exec.Cmd) {
	cmd.WaitDelay = time.Second
}

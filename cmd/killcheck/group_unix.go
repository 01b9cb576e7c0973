//go:build unix

package main

import (
	"os/exec"
	"syscall"
	"time"
)

// ownGroup makes cmd run in a process group of its own, and its context kill
// the whole group: the go command starts compilers and vet tools, which would
// otherwise live on.
func ownGroup(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	cmd.WaitDelay = time.Second
}

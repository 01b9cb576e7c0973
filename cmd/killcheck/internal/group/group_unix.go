//go:build unix

package group

import (
	"os"
	"os/exec"
	"syscall"
)

// Own makes a command that was not started yet the head of a process group.
func Own(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
}

// Interrupt asks a process that heads a group, and all others in the group, to
// end.
func Interrupt(p *os.Process) error { return syscall.Kill(-p.Pid, syscall.SIGINT) }

// Kill ends a process that heads a group, and all others in the group. It does
// nothing if p is nil.
func Kill(p *os.Process) {
	if p != nil {
		_ = syscall.Kill(-p.Pid, syscall.SIGKILL) // mostly there is nobody left to kill
	}
}

//go:build unix

package lsp

import (
	"os"
	"os/exec"
	"os/signal"
	"syscall"
)

// ownGroup makes the command the head of a process group, so that what it
// starts can be reached, too.
func ownGroup(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
}

func interruptGroup(p *os.Process) error { return syscall.Kill(-p.Pid, syscall.SIGINT) }

// killGroup ignores the error: mostly there is nobody left to kill.
func killGroup(p *os.Process) {
	if p != nil {
		_ = syscall.Kill(-p.Pid, syscall.SIGKILL)
	}
}

// alive reports whether a process exists.
func alive(pid int) bool {
	err := syscall.Kill(pid, 0)
	return err == nil || err == syscall.EPERM
}

// keepOnBrokenPipe lets a write to an editor that is gone return an error
// instead of ending the process before it has ended its children. The signal is
// caught and not ignored, since children would inherit that.
func keepOnBrokenPipe() { signal.Notify(make(chan os.Signal, 1), syscall.SIGPIPE) }

// Exec replaces this process by another program. It returns only on failure.
func Exec(path string, args []string) (code int, err error) {
	return 2, syscall.Exec(path, append([]string{path}, args...), append(os.Environ(), inProxy+"=1"))
}

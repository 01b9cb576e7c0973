//go:build unix

package lsp

import (
	"os"
	"os/signal"
	"syscall"
)

// ownGroupports whether a process exists.
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

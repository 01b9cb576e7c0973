//go:build !unix

package group

import (
	"os"
	"os/exec"
)

// Own does nothing: this system has no process groups that could be ended as a
// whole.
func Own(*exec.Cmd) {}

// Interrupt ends a process. This system cannot ask it to end.
func Interrupt(p *os.Process) error { return p.Kill() }

// Kill ends a process. It does nothing if p is nil.
func Kill(p *os.Process) {
	if p != nil {
		_ = p.Kill() // mostly it has ended
	}
}

// Package group runs commands in process groups of their own. The go command
// starts compilers and vet tools, and gopls the go command: to end one of them
// means to end all that it has started.
package group

import (
	"context"
	"errors"
	"os/exec"
	"time"
)

// A Cmd is a command that heads a process group. When its context ends, the
// whole group is interrupted, which lets the go command remove its work
// directory, and killed after the grace period.
type Cmd struct {
	*exec.Cmd
	ctx context.Context
}

// Command returns a command with its context and grace period. Start it with
// [Cmd.Run].
func Command(ctx context.Context, grace time.Duration, name string, args ...string) *Cmd {
	cmd := exec.CommandContext(ctx, name, args...)
	Own(cmd)
	cmd.Cancel = func() error { return Interrupt(cmd.Process) }
	cmd.WaitDelay = grace
	return &Cmd{cmd, ctx}
}

// Run starts the command and returns when it has ended; if its context ended
// first, nothing that it started in its group lives on.
func (c *Cmd) Run() error {
	err := c.Cmd.Run()
	if c.ctx.Err() != nil || errors.Is(err, exec.ErrWaitDelay) {
		Kill(c.Process)
	}
	return err
}

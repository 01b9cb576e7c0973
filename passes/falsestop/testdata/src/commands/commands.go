// Package commands holds child processes and those who watch their contexts.
package commands

import (
	"context"
	"io"
	"os/exec"
)

func SampleBad(ctx context.Context, buf []byte) error {
	cmd := exec.CommandContext(ctx, "ffmpeg")
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	defer func() {
		if cmd.Process != nil {
			_ = cmd.Process.Kill()
			_, _ = cmd.Process.Wait() // want `stop has no effect: cmd.Process.Wait leaves the goroutine that watches the context of the command, which the Wait of the command alone ends`
		}
	}()
	_, err = io.ReadFull(out, buf)
	return err
}

func RunBad(parent context.Context) error {
	ctx, cancel := context.WithCancel(parent)
	_ = cancel
	c := exec.CommandContext(ctx, "true")
	if err := c.Start(); err != nil {
		return err
	}
	_, err := c.Process.Wait() // want `stop has no effect: c.Process.Wait leaves`
	return err
}

type runner struct{}

func (runner) GoBad(ctx context.Context) {
	go func() {
		c := exec.CommandContext(ctx, "true")
		if c.Start() != nil {
			return
		}
		c.Process.Kill()
		c.Process.Wait() // want `stop has no effect`
	}()
}

func WaitOk(ctx context.Context) error {
	cmd := exec.CommandContext(ctx, "true")
	if err := cmd.Start(); err != nil {
		return err
	}
	defer func() {
		cmd.Process.Kill()
		cmd.Wait()
	}()
	return nil
}

// No context, nobody who watches one.
func PlainOk() error {
	cmd := exec.Command("true")
	if err := cmd.Start(); err != nil {
		return err
	}
	_, err := cmd.Process.Wait()
	return err
}

// This one cannot end.
func RootOk() error {
	cmd := exec.CommandContext(context.Background(), "true")
	if err := cmd.Start(); err != nil {
		return err
	}
	_, err := cmd.Process.Wait()
	return err
}

// Somebody else has it.
func HandedOk(ctx context.Context, keep func(*exec.Cmd)) error {
	cmd := exec.CommandContext(ctx, "true")
	keep(cmd)
	if err := cmd.Start(); err != nil {
		return err
	}
	_, err := cmd.Process.Wait()
	return err
}

type child struct{ cmd *exec.Cmd }

func (c *child) KeptOk(ctx context.Context) error {
	cmd := exec.CommandContext(ctx, "true")
	c.cmd = cmd
	if err := cmd.Start(); err != nil {
		return err
	}
	_, err := cmd.Process.Wait()
	return err
}

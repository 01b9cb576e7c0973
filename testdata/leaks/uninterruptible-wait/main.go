// Command uninterruptible-wait starts a command that its context does not end.
package main

import (
	"context"
	"os/exec"
	"time"

	"example.com/leaks/judge"
)

func run(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	cmd := exec.Command("sleep", "8")
	if err := cmd.Start(); err != nil {
		return err
	}
	return cmd.Wait()
}

func session() {
	ctx, cancel := context.WithCancel(context.Background())
	go run(ctx)
	time.Sleep(20 * time.Millisecond)
	cancel()
}

func main() {
	for range 2 {
		session()
	}
	judge.Report()
}

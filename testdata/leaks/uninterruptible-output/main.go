// Command uninterruptible-output waits for the output of a command that is slow.
package main

import (
	"context"
	"os/exec"
	"time"

	"example.com/leaks/judge"
)

func version(ctx context.Context) (string, error) {
	if err := ctx.Err(); err != nil {
		return "", err
	}
	out, err := exec.Command("sleep", "8").Output()
	return string(out), err
}

func session() {
	ctx, cancel := context.WithCancel(context.Background())
	go version(ctx)
	time.Sleep(10 * time.Millisecond)
	cancel()
}

func main() {
	for range 2 {
		session()
	}
	judge.Report()
}

// Command ok waits for the output for a limited time.
package main

import (
	"bytes"
	"context"
	"os/exec"
	"time"

	"example.com/leaks/judge"
)

type build struct {
	log bytes.Buffer
	err error
}

func (b *build) run(ctx context.Context) {
	cmd := exec.CommandContext(ctx, "sh", "-c", "sleep 4 & wait")
	cmd.Stdout = &b.log
	cmd.WaitDelay = 50 * time.Millisecond
	b.err = cmd.Run()
}

func start() {
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	go new(build).run(ctx)
	<-ctx.Done()
}

func main() {
	for range 2 {
		start()
	}
	judge.Report()
}

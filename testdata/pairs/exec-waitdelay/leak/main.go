// Command leak kills a shell and waits for the output of its child.
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
	cmd := exec.CommandContext(ctx, "sh", "-c", "sleep 20 & wait")
	cmd.Stdout = &b.log
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
	time.Sleep(5 * time.Second) // a limit for the output takes that long
	judge.Report()
}

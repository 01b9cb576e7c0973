// Command falsestop-waitdelay kills its child by the context, and waits for the
// copy of an output that a grandchild holds open.
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

func (b *build) run(ctx context.Context, script string) {
	cmd := exec.CommandContext(ctx, "sh", "-c", script)
	cmd.Stdout = &b.log
	cmd.Stderr = &b.log
	b.err = cmd.Run()
}

func start(script string) {
	ctx, cancel := context.WithTimeout(context.Background(), 100*time.Millisecond)
	defer cancel()
	var b build
	go b.run(ctx, script)
	<-ctx.Done()
}

func main() {
	for range 2 {
		start("sleep 20 & echo started; wait")
	}
	time.Sleep(5 * time.Second) // a limit for the output takes that long
	judge.Report()
}

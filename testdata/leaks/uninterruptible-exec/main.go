// Command uninterruptible-exec runs a child process from a goroutine that has
// a context, with the form of exec that knows none.
package main

import (
	"context"
	"os/exec"
	"time"

	"example.com/leaks/judge"
)

type task struct {
	name string
	args []string
	err  error
}

func (t *task) run(ctx context.Context) {
	if ctx.Err() != nil {
		return
	}
	cmd := exec.Command(t.name, t.args...)
	t.err = cmd.Run()
}

func runFor(d time.Duration, t *task) {
	ctx, cancel := context.WithTimeout(context.Background(), d)
	defer cancel()
	go t.run(ctx)
	<-ctx.Done()
}

func main() {
	for range 2 {
		runFor(50*time.Millisecond, &task{name: "sleep", args: []string{"5"}})
	}
	judge.Report()
}

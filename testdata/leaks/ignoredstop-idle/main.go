// Command ignoredstop-idle looks for work without a pause, also when it is told to
// end.
package main

import (
	"context"
	"runtime"
	"time"

	"example.com/leaks/judge"
)

func idle(ctx context.Context, jobs chan func(context.Context)) {
	for {
		select {
		case job := <-jobs:
			job(ctx)
		default:
			runtime.Gosched()
		}
	}
}

func session() {
	ctx, cancel := context.WithCancel(context.Background())
	jobs := make(chan func(context.Context))
	go idle(ctx, jobs)
	jobs <- func(context.Context) {}
	time.Sleep(time.Millisecond)
	cancel()
}

func main() {
	for range 2 {
		session()
	}
	judge.Report()
}

// Command ignoredstop-helper sleeps in a function that is given the context.
package main

import (
	"context"
	"time"

	"example.com/leaks/judge"
)

func pause(ctx context.Context, d time.Duration) {
	if ctx.Err() == nil {
		time.Sleep(d)
	}
}

func poll(ctx context.Context, f func()) {
	for ctx.Err() == nil {
		f()
		pause(ctx, 4*time.Second)
	}
}

func session() {
	ctx, cancel := context.WithCancel(context.Background())
	go poll(ctx, func() {})
	time.Sleep(2 * time.Millisecond)
	cancel()
}

func main() {
	for range 2 {
		session()
	}
	judge.Report()
}

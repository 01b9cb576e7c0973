// Command ok derives its context from the one that it was given.
package main

import (
	"context"
	"sync/atomic"
	"time"

	"example.com/leaks/judge"
)

type tracker struct{ n atomic.Int64 }

func (t *tracker) run(ctx context.Context) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	for {
		select {
		case <-ctx.Done():
			return
		case <-time.After(2 * time.Millisecond):
			t.n.Add(1)
		}
	}
}

func track() {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	go new(tracker).run(ctx)
	time.Sleep(5 * time.Millisecond)
}

func main() {
	for range 2 {
		track()
	}
	judge.Report()
}

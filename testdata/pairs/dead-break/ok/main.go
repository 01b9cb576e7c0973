// Command ok returns from the loop.
package main

import (
	"context"
	"sync/atomic"
	"time"

	"example.com/leaks/judge"
)

type counter struct{ n atomic.Int64 }

func (c *counter) run(ctx context.Context) {
	t := time.NewTicker(time.Millisecond)
	defer t.Stop()
	for {
		select {
		case <-t.C:
			c.n.Add(1)
		case <-ctx.Done():
			return
		}
	}
}

func count() {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	go new(counter).run(ctx)
	time.Sleep(5 * time.Millisecond)
}

func main() {
	for range 2 {
		count()
	}
	judge.Report()
}

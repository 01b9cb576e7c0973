// Command falsestop-default sees the end of its context and works on.
package main

import (
	"context"
	"sync/atomic"
	"time"

	"example.com/leaks/judge"
)

type counter struct{ n, ends atomic.Int64 }

func (c *counter) run(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			c.ends.Add(1)
		default:
		}
		c.n.Add(1)
		time.Sleep(time.Millisecond)
	}
}

func session() {
	ctx, cancel := context.WithCancel(context.Background())
	go new(counter).run(ctx)
	time.Sleep(3 * time.Millisecond)
	cancel()
}

func main() {
	for range 2 {
		session()
	}
	judge.Report()
}

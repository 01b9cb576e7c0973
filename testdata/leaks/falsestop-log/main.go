// Command falsestop-log notes the end of its context, and goes on.
package main

import (
	"context"
	"sync/atomic"
	"time"

	"example.com/leaks/judge"
)

var ends atomic.Int64

func follow(ctx context.Context, in chan int) {
	for {
		select {
		case n := <-in:
			ends.Add(int64(n))
		case <-ctx.Done():
			ends.Add(1)
		}
	}
}

func session() {
	ctx, cancel := context.WithCancel(context.Background())
	in := make(chan int)
	go follow(ctx, in)
	in <- 1
	cancel()
	time.Sleep(time.Millisecond)
}

func main() {
	for range 2 {
		session()
	}
	judge.Report()
}

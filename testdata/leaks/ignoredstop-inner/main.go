// Command ignoredstop-inner heeds its context in the outer loop, and not in the one
// within.
package main

import (
	"context"
	"time"

	"example.com/leaks/judge"
)

type feed struct {
	starts chan int
	items  chan int
	sum    int
}

func (f *feed) run(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case n := <-f.starts:
			for range n {
				f.sum += <-f.items
			}
		}
	}
}

func session() {
	ctx, cancel := context.WithCancel(context.Background())
	f := &feed{starts: make(chan int), items: make(chan int)}
	go f.run(ctx)
	f.starts <- 2
	f.items <- 1
	cancel()
	time.Sleep(time.Millisecond)
}

func main() {
	for range 2 {
		session()
	}
	judge.Report()
}

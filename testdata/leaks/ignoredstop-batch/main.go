// Command ignoredstop-batch collects items and writes them after a while.
package main

import (
	"context"
	"time"

	"example.com/leaks/judge"
)

type batcher struct {
	in    chan int
	batch []int
}

func (b *batcher) run(ctx context.Context) {
	t := time.NewTicker(time.Millisecond)
	defer t.Stop()
	for {
		select {
		case n := <-b.in:
			b.batch = append(b.batch, n)
		case <-t.C:
			b.write(ctx)
		}
	}
}

func (b *batcher) write(context.Context) { b.batch = b.batch[:0] }

func session() {
	ctx, cancel := context.WithCancel(context.Background())
	b := &batcher{in: make(chan int)}
	go b.run(ctx)
	b.in <- 1
	b.in <- 2
	cancel()
}

func main() {
	for range 2 {
		session()
	}
	judge.Report()
}

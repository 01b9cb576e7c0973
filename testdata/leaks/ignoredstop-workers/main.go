// Command ignoredstop-workers has workers that are given a context and wait for
// jobs alone.
package main

import (
	"context"
	"fmt"
	"sync/atomic"

	"example.com/leaks/judge"
)

type pool struct {
	jobs chan int
	sum  atomic.Int64
}

func newPool(ctx context.Context, workers int) *pool {
	p := &pool{jobs: make(chan int)}
	for range workers {
		go p.work(ctx)
	}
	return p
}

func (p *pool) work(ctx context.Context) {
	for {
		n := <-p.jobs
		if ctx.Err() == nil {
			p.sum.Add(int64(n))
		}
	}
}

func session() {
	ctx, cancel := context.WithCancel(context.Background())
	p := newPool(ctx, 3)
	for n := range 5 {
		p.jobs <- n
	}
	cancel()
	fmt.Println(p.sum.Load() >= 0)
}

func main() {
	for range 2 {
		session()
	}
	judge.Report()
}

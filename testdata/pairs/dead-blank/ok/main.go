// Command ok uses its context.
package main

import (
	"context"
	"sync/atomic"
	"time"

	"example.com/leaks/judge"
)

type pinger struct{ n atomic.Int64 }

func (p *pinger) run(ctx context.Context) {
	for ctx.Err() == nil {
		p.n.Add(1)
		time.Sleep(2 * time.Millisecond)
	}
}

func ping() {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	go new(pinger).run(ctx)
	time.Sleep(5 * time.Millisecond)
}

func main() {
	for range 2 {
		ping()
	}
	judge.Report()
}

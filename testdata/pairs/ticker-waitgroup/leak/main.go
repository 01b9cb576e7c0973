// Command leak starts a ticker loop by WaitGroup.Go and cancels it in vain.
package main

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"example.com/leaks/judge"
)

type pool struct {
	wg    sync.WaitGroup
	ticks atomic.Int64
}

func (p *pool) run(ctx context.Context) {
	p.wg.Go(func() {
		t := time.NewTicker(time.Millisecond)
		defer t.Stop()
		for range t.C {
			p.ticks.Add(1)
		}
	})
	<-ctx.Done()
}

func main() {
	var p pool
	for range 2 {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Millisecond)
		p.run(ctx)
		cancel()
	}
	judge.Report()
}

// Command ok selects on a ticker and a context.
package main

import (
	"context"
	"sync/atomic"
	"time"

	"example.com/leaks/judge"
)

type stats struct{ beats atomic.Int64 }

func (s *stats) beat(ctx context.Context) {
	t := time.NewTicker(2 * time.Millisecond)
	defer t.Stop()
	for {
		select {
		case <-t.C:
			s.beats.Add(1)
		case <-ctx.Done():
			return
		}
	}
}

func serve(s *stats) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	go s.beat(ctx)
	time.Sleep(5 * time.Millisecond)
}

func main() {
	var s stats
	for range 2 {
		serve(&s)
	}
	judge.Report()
}

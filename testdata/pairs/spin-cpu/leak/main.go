// Command leak computes for ever with a context in its hand.
package main

import (
	"context"
	"sync/atomic"
	"time"

	"example.com/leaks/judge"
)

type search struct{ best atomic.Uint64 }

func (s *search) round(seed uint64) uint64 {
	for range 1000 {
		seed = seed*6364136223846793005 + 1442695040888963407
	}
	return seed
}

func (s *search) run(ctx context.Context, seed uint64) {
	for {
		seed = s.round(seed)
		if seed > s.best.Load() {
			s.best.Store(seed)
		}
	}
}

func find(d time.Duration) uint64 {
	ctx, cancel := context.WithTimeout(context.Background(), d)
	defer cancel()
	var s search
	go s.run(ctx, 1)
	<-ctx.Done()
	return s.best.Load()
}

func main() {
	for range 2 {
		find(5 * time.Millisecond)
	}
	judge.Report()
}

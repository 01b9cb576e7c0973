// Command leak ranges over a ticker although it was given a context.
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
	for range t.C {
		s.beats.Add(1)
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

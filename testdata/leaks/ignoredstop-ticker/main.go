// Command ignoredstop-ticker is given a context and ranges over a ticker.
package main

import (
	"context"
	"sync/atomic"
	"time"

	"example.com/leaks/judge"
)

var flushed atomic.Int64

func flush(ctx context.Context, every time.Duration) {
	t := time.NewTicker(every)
	defer t.Stop()
	for range t.C {
		if ctx.Value("quiet") == nil {
			flushed.Add(1)
		}
	}
}

func session(d time.Duration) {
	ctx, cancel := context.WithTimeout(context.Background(), d)
	defer cancel()
	go flush(ctx, time.Millisecond)
	<-ctx.Done()
}

func main() {
	for range 2 {
		session(5 * time.Millisecond)
	}
	judge.Report()
}

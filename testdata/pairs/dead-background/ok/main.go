// Command ok waits for the end of the request's context.
package main

import (
	"context"
	"sync/atomic"
	"time"

	"example.com/leaks/judge"
)

type lease struct{ renewals atomic.Int64 }

func (l *lease) keep(ctx context.Context) {
	t := time.NewTicker(2 * time.Millisecond)
	defer t.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-t.C:
			l.renewals.Add(1)
		}
	}
}

func hold() {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Millisecond)
	defer cancel()
	go new(lease).keep(ctx)
	<-ctx.Done()
}

func main() {
	for range 2 {
		hold()
	}
	judge.Report()
}

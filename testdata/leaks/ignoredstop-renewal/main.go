// Command ignoredstop-renewal renews a lease in a goroutine that a method starts.
package main

import (
	"context"
	"sync/atomic"
	"time"

	"example.com/leaks/judge"
)

type lease struct{ renewed atomic.Int64 }

func (l *lease) renew(ctx context.Context) {
	if ctx.Err() == nil {
		l.renewed.Add(1)
	}
}

func (l *lease) keep(ctx context.Context) {
	go func() {
		for {
			l.renew(ctx)
			time.Sleep(30 * time.Millisecond)
		}
	}()
}

func session() {
	ctx, cancel := context.WithCancel(context.Background())
	l := &lease{}
	l.keep(ctx)
	time.Sleep(2 * time.Millisecond)
	cancel()
}

func main() {
	for range 2 {
		session()
	}
	judge.Report()
}

// Command ignoredstop-heartbeat beats once per tick in a closure that captures
// the request's context without heeding it.
package main

import (
	"context"
	"sync/atomic"
	"time"

	"example.com/leaks/judge"
)

type lease struct{ renewed atomic.Int64 }

func (l *lease) hold(ctx context.Context, every time.Duration, critical func(context.Context)) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	ticker := time.NewTicker(every)
	go func() {
		defer ticker.Stop()
		for range ticker.C {
			l.renew(ctx)
		}
	}()
	critical(ctx)
}

func (l *lease) renew(ctx context.Context) {
	if ctx.Err() == nil {
		l.renewed.Add(1)
	}
}

func main() {
	var l lease
	for range 3 {
		l.hold(context.Background(), 2*time.Millisecond, func(context.Context) {
			time.Sleep(10 * time.Millisecond)
		})
	}
	judge.Report()
}

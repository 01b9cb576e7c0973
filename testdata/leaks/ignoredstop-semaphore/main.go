// Command ignoredstop-semaphore takes a place before each call, and waits for one
// also when its context has ended.
package main

import (
	"context"
	"time"

	"example.com/leaks/judge"
)

type limiter struct{ places chan struct{} }

func (l *limiter) each(ctx context.Context, names []string, call func(string)) {
	for _, name := range names {
		if ctx.Err() != nil {
			return
		}
		l.places <- struct{}{}
		call(name)
	}
}

func session() {
	l := &limiter{places: make(chan struct{}, 2)}
	ctx, cancel := context.WithCancel(context.Background())
	go l.each(ctx, []string{"a", "b", "c", "d"}, func(string) {})
	time.Sleep(5 * time.Millisecond)
	cancel()
}

func main() {
	for range 2 {
		session()
	}
	judge.Report()
}

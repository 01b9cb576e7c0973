// Command endless-handed starts a poller in a function whose callers have a context.
package main

import (
	"context"
	"time"

	"example.com/leaks/judge"
)

func poll(every time.Duration, f func()) {
	go func() {
		for {
			f()
			time.Sleep(every)
		}
	}()
}

func serve(ctx context.Context) {
	poll(2*time.Millisecond, func() {})
	<-ctx.Done()
}

func main() {
	for range 2 {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Millisecond)
		serve(ctx)
		cancel()
	}
	judge.Report()
}

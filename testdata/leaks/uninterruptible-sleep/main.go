// Command uninterruptible-sleep checks its context before each attempt and
// then sleeps through the cancellation.
package main

import (
	"context"
	"errors"
	"time"

	"example.com/leaks/judge"
)

var errBusy = errors.New("busy")

func attempt(n int) error {
	if n < 1000 {
		return errBusy
	}
	return nil
}

func retry(ctx context.Context) {
	pause := time.Minute
	for n := 0; ; n++ {
		if ctx.Err() != nil {
			return
		}
		if attempt(n) == nil {
			return
		}
		time.Sleep(pause)
		pause *= 2
	}
}

func request() {
	ctx, cancel := context.WithCancel(context.Background())
	go retry(ctx)
	time.Sleep(10 * time.Millisecond)
	cancel()
}

func main() {
	for range 2 {
		request()
	}
	judge.Report()
}

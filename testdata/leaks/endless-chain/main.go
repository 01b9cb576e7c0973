// Command endless-chain starts its loop two calls below the function that has a
// context.
package main

import (
	"context"
	"time"

	"example.com/leaks/judge"
)

func watch(changed func()) {
	for range time.Tick(time.Millisecond) {
		changed()
	}
}

func start(n int) {
	for range n {
		go watch(func() {})
	}
}

func setUp(n int) { start(n) }

func session(ctx context.Context) {
	setUp(2)
	<-ctx.Done()
}

func main() {
	for range 2 {
		ctx, cancel := context.WithTimeout(context.Background(), 4*time.Millisecond)
		session(ctx)
		cancel()
	}
	judge.Report()
}

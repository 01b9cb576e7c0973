// Command uninterruptible-delay waits a while before it does its work once.
package main

import (
	"context"
	"time"

	"example.com/leaks/judge"
)

func later(ctx context.Context, work func(context.Context)) {
	time.Sleep(3 * time.Second)
	work(ctx)
}

func session() {
	ctx, cancel := context.WithCancel(context.Background())
	go later(ctx, func(context.Context) {})
	go later(ctx, func(context.Context) {})
	cancel()
}

func main() {
	for range 2 {
		session()
	}
	judge.Report()
}

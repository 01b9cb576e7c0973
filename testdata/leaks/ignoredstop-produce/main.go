// Command ignoredstop-produce reads the head of endless sequences. The reader
// cancels when it has enough; the producer is stuck in its next send.
package main

import (
	"context"
	"fmt"

	"example.com/leaks/judge"
)

func squares(ctx context.Context) <-chan int {
	out := make(chan int)
	go produce(ctx, out)
	return out
}

func produce(ctx context.Context, out chan<- int) {
	for i := 0; ; i++ {
		out <- i * i
	}
}

func firstAbove(ctx context.Context, limit int) int {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	for v := range squares(ctx) {
		if v > limit {
			return v
		}
	}
	return 0
}

func main() {
	ctx := context.Background()
	for range 2 {
		fmt.Println(firstAbove(ctx, 10), firstAbove(ctx, 1000))
	}
	judge.Report()
}

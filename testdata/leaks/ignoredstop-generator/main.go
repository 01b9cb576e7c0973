// Command ignoredstop-generator returns a channel of numbers. Its context does not
// end the send.
package main

import (
	"context"
	"fmt"

	"example.com/leaks/judge"
)

func numbers(ctx context.Context, from int) <-chan int {
	out := make(chan int)
	go func() {
		defer close(out)
		for n := from; ctx.Err() == nil; n++ {
			out <- n
		}
	}()
	return out
}

func session() {
	ctx, cancel := context.WithCancel(context.Background())
	for n := range numbers(ctx, 1) {
		if n == 3 {
			fmt.Println(n)
			break
		}
	}
	cancel()
}

func main() {
	for range 2 {
		session()
	}
	judge.Report()
}

// Command ignoredstop-stage passes values from one stage to the next.
package main

import (
	"context"
	"fmt"
	"time"

	"example.com/leaks/judge"
)

func source(ctx context.Context) <-chan int {
	out := make(chan int)
	go func() {
		for n := 0; ; n++ {
			select {
			case out <- n:
			case <-ctx.Done():
				return
			}
		}
	}()
	return out
}

func double(ctx context.Context, in <-chan int) <-chan int {
	out := make(chan int)
	go func() {
		for {
			select {
			case n := <-in:
				out <- 2 * n
			case <-ctx.Done():
				return
			}
		}
	}()
	return out
}

func session() {
	ctx, cancel := context.WithCancel(context.Background())
	out := double(ctx, source(ctx))
	<-out
	fmt.Println(<-out)
	time.Sleep(20 * time.Millisecond) // the next value is on its way
	cancel()
}

func main() {
	for range 2 {
		session()
	}
	judge.Report()
}

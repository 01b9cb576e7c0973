// Command falsestop-break leaves the select with break and stays in the loop.
package main

import (
	"context"
	"sync/atomic"
	"time"

	"example.com/leaks/judge"
)

type meter struct{ events atomic.Int64 }

func (m *meter) consume(ctx context.Context, in <-chan int) {
	for {
		select {
		case n := <-in:
			m.events.Add(int64(n))
		case <-ctx.Done():
			time.Sleep(time.Millisecond)
			break
		}
	}
}

func measure(values ...int) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	var m meter
	in := make(chan int)
	go m.consume(ctx, in)
	for _, v := range values {
		in <- v
	}
}

func main() {
	for range 2 {
		measure(1, 2, 3)
		measure(4)
	}
	judge.Report()
}

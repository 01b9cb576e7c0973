// Command leak answers the end of its context by the next round.
package main

import (
	"context"
	"sync/atomic"
	"time"

	"example.com/leaks/judge"
)

type scanner struct{ n atomic.Int64 }

func (s *scanner) run(ctx context.Context, in <-chan int) {
	for {
		select {
		case <-ctx.Done():
			time.Sleep(time.Millisecond)
			continue
		case v := <-in:
			s.n.Add(int64(v))
		}
	}
}

func scan(values ...int) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	in := make(chan int)
	go new(scanner).run(ctx, in)
	for _, v := range values {
		in <- v
	}
}

func main() {
	for range 2 {
		scan(1, 2)
	}
	judge.Report()
}

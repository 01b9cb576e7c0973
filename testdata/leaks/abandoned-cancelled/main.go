// Command abandoned-cancelled computes in a goroutine and leaves when the
// caller's context ends. The computation then has nobody to send to.
package main

import (
	"context"
	"fmt"
	"time"

	"example.com/leaks/judge"
)

type result struct {
	sum int
	err error
}

type service struct{ delay time.Duration }

func (s *service) compute(n int) (int, error) {
	time.Sleep(s.delay)
	return n * (n + 1) / 2, nil
}

func (s *service) handle(ctx context.Context, n int) (int, error) {
	done := make(chan result)
	go func() {
		sum, err := s.compute(n)
		done <- result{sum, err}
	}()
	select {
	case r := <-done:
		return r.sum, r.err
	case <-ctx.Done():
		return 0, ctx.Err()
	}
}

func main() {
	s := &service{delay: 30 * time.Millisecond}
	for n := range 3 {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Millisecond)
		_, err := s.handle(ctx, n)
		cancel()
		fmt.Println(err)
	}
	judge.Report()
}

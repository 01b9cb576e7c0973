// Command leak keeps a cancel function that its Close does not call.
package main

import (
	"context"
	"sync/atomic"
	"time"

	"example.com/leaks/judge"
)

type stream struct {
	ctx    context.Context
	cancel context.CancelFunc
	polls  atomic.Int64
}

func open() *stream {
	s := new(stream)
	s.ctx, s.cancel = context.WithCancel(context.Background())
	go s.poll()
	return s
}

func (s *stream) poll() {
	for {
		select {
		case <-s.ctx.Done():
			return
		case <-time.After(2 * time.Millisecond):
			s.polls.Add(1)
		}
	}
}

// Close ends the stream.
func (s *stream) Close() {
	s.polls.Store(0)
}

func main() {
	for range 2 {
		s := open()
		s.Close()
	}
	judge.Report()
}

// Command unreleased-cancel stores the cancel function of its worker's context
// in the session and never calls it.
package main

import (
	"context"
	"sync/atomic"
	"time"

	"example.com/leaks/judge"
)

type session struct {
	ctx    context.Context
	cancel context.CancelFunc
	open   atomic.Bool
}

func begin() *session {
	s := &session{}
	s.ctx, s.cancel = context.WithCancel(context.Background())
	s.open.Store(true)
	go s.refresh()
	return s
}

func (s *session) refresh() {
	t := time.NewTicker(5 * time.Millisecond)
	defer t.Stop()
	for {
		select {
		case <-s.ctx.Done():
			return
		case <-t.C:
			s.open.Store(true)
		}
	}
}

// Close ends the session.
func (s *session) Close() {
	s.open.Store(false)
}

func main() {
	for range 3 {
		s := begin()
		time.Sleep(10 * time.Millisecond)
		s.Close()
	}
	judge.Report()
}

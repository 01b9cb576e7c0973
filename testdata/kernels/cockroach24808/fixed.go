// Package cockroach24808 is a fixed form: a wake-up that is already pending is
// enough, so Start does not wait for room in the channel.
package cockroach24808

import (
	"context"
	"sync"
)

type compactor struct{ ch chan struct{} }

type stopper struct {
	stop    sync.WaitGroup
	stopper chan struct{}
}

func (s *stopper) runWorker(ctx context.Context, f func(context.Context)) {
	s.stop.Add(1)
	go func() {
		defer s.stop.Done()
		f(ctx)
	}()
}

func (s *stopper) shouldStop() <-chan struct{} { return s.stopper }
func (s *stopper) Stop()                       { close(s.stopper) }

func (c *compactor) start(ctx context.Context, s *stopper) {
	select {
	case c.ch <- struct{}{}:
	default:
	}
	s.runWorker(ctx, func(context.Context) {
		for {
			select {
			case <-s.shouldStop():
				return
			case <-c.ch:
			}
		}
	})
}

// Run starts a compactor with a pending wake-up and stops it.
func Run() {
	s := &stopper{stopper: make(chan struct{})}
	defer s.Stop()
	c := &compactor{ch: make(chan struct{}, 1)}
	c.ch <- struct{}{}
	c.start(context.Background(), s)
}

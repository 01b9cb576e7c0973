package contexts

import (
	"context"
	"sync"
)

// Each call cancels what the last one has started.

type renewer struct {
	mu   sync.Mutex
	last context.CancelFunc
}

func (r *renewer) Renew(work func(context.Context)) {
	ctx := r.renew()
	go func() {
		for {
			select {
			case <-ctx.Done():
				return
			default:
				work(ctx)
			}
		}
	}()
}

func (r *renewer) renew() context.Context {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.last != nil {
		r.last()
	}
	var ctx context.Context
	ctx, r.last = context.WithCancel(context.Background())
	return ctx
}

// It cancels what it has made itself, but not on every way.

type starter struct{ stop context.CancelFunc }

func (s *starter) StartBad(check func() error, work func(context.Context)) error {
	var ctx context.Context
	ctx, s.stop = context.WithCancel(context.Background())
	go func() {
		for { // want `goroutine may never stop: only ctx.Done\(\) would end this, and StartBad can return without the cancel`
			select {
			case <-ctx.Done():
				return
			default:
				work(ctx)
			}
		}
	}()
	if err := check(); err != nil {
		return err
	}
	s.stop()
	return nil
}

// Only the constructor calls it, so no later call cancels.

type single struct{ stop func() }

func NewSingle(f func()) *single {
	s := &single{}
	s.startBad(f)
	return s
}

func (s *single) startBad(f func()) {
	if s.stop != nil {
		s.stop()
	}
	ctx, stop := context.WithCancel(context.Background())
	s.stop = stop
	go func() {
		for { // want `only ctx.Done\(\) would end this, and startBad can return without the cancel`
			select {
			case <-ctx.Done():
				return
			default:
				f()
			}
		}
	}()
}

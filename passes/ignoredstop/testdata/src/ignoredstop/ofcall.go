package ignoredstop

import (
	"context"
	"time"
)

// The object is stopped by Shutdown, the context is that of the call which starts it:
// a fix that heeds it is for a person to judge.

type rotor struct{ n int }

func (r *rotor) Start(ctx context.Context) { go r.rotateBad(ctx) }

func (r *rotor) rotateBad(ctx context.Context) {
	for range time.Tick(time.Hour) { // want `goroutine never stops: .*, and ctx is in reach`
		r.turn(ctx)
	}
}

func (r *rotor) turn(ctx context.Context) {
	if ctx.Value(r) == nil {
		r.n++
	}
}

func (r *rotor) Shutdown() { r.n = 0 }

// Nothing else stops it.
type spinner struct{ n int }

func (s *spinner) Start(ctx context.Context) { go s.spinBad(ctx) }

func (s *spinner) spinBad(ctx context.Context) {
	for range time.Tick(time.Hour) { // want `goroutine never stops: .*, and ctx is in reach`
		if ctx.Value(s) == nil {
			s.n++
		}
	}
}

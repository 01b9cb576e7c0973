// Package tells holds sends of errors that the stop causes.
package tells

import (
	"context"
	"time"
)

// The error that is sent comes from a call that the stop ends. Who receives it hears of
// the stop in no other way, so no case may take the place of the send.

type follower struct {
	errs chan error
	tick *time.Ticker
}

func newFollower(ctx context.Context, read func(context.Context) error) *follower {
	f := &follower{errs: make(chan error), tick: time.NewTicker(time.Second)}
	go f.followBad(ctx, read)
	return f
}

func (f *follower) followBad(ctx context.Context, read func(context.Context) error) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-f.tick.C:
		}
		if err := read(ctx); err != nil {
			f.errs <- err // want `does not stop while it sends on`
		}
	}
}

func (f *follower) last() error { return <-f.errs }

// Here he hears of the end of a context, too.

type reader struct {
	errs chan error
	tick *time.Ticker
}

func newReader(ctx context.Context, read func(context.Context) error) *reader {
	r := &reader{errs: make(chan error), tick: time.NewTicker(time.Second)}
	go r.followBad(ctx, read)
	return r
}

func (r *reader) followBad(ctx context.Context, read func(context.Context) error) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-r.tick.C:
		}
		err := read(ctx)
		if err != nil {
			r.errs <- err // want `does not stop while it sends on`
		}
	}
}

func (r *reader) last(ctx context.Context) error {
	select {
	case err := <-r.errs:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// And here the error is not that of the stop.

type checker struct {
	errs chan error
	tick *time.Ticker
}

func newChecker(ctx context.Context, check func() error) *checker {
	c := &checker{errs: make(chan error), tick: time.NewTicker(time.Second)}
	go c.followBad(ctx, check)
	return c
}

func (c *checker) followBad(ctx context.Context, check func() error) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-c.tick.C:
		}
		if err := check(); err != nil {
			c.errs <- err // want `does not stop while it sends on`
		}
	}
}

func (c *checker) last() error { return <-c.errs }

func startAll(ctx context.Context, read func(context.Context) error) []error {
	return []error{newFollower(ctx, read).last(), newReader(ctx, read).last(ctx), newChecker(ctx, func() error { return nil }).last()}
}

package uninterruptible

import (
	"context"
	"time"
)

// Which context ends a sleep is decided by the calls that lead to it.

type retrier struct{ tries int }

func (r *retrier) untilDone(ctx context.Context, try func() error) error {
	for range r.tries {
		if ctx != nil && ctx.Err() != nil {
			return ctx.Err()
		}
		if try() == nil {
			break
		}
		time.Sleep(time.Minute)
	}
	return nil
}

func (r *retrier) always(try func() error) error { return r.untilDone(nil, try) }

func retryWithNone(r *retrier, try func() error) {
	go func() {
		r.always(try)
	}()
}

type patient struct{ tries int }

func (r *patient) untilDone(ctx context.Context, try func() error) error {
	for range r.tries {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if try() == nil {
			break
		}
		time.Sleep(time.Minute)
	}
	return nil
}

func retryInBackground(r *patient, try func() error) {
	go func() {
		r.untilDone(context.Background(), try)
	}()
}

type hasty struct{ tries int }

func (r *hasty) untilDoneBad(ctx context.Context, try func() error) error {
	for range r.tries {
		if ctx != nil && ctx.Err() != nil {
			return ctx.Err()
		}
		if try() == nil {
			break
		}
		time.Sleep(time.Minute) // want `cannot stop while it sleeps: ctx does not end time.Sleep`
	}
	return nil
}

func (r *hasty) always(try func() error) error { return r.untilDoneBad(nil, try) }

func retryWithNone2(r *hasty, try func() error) {
	go func() {
		r.always(try)
	}()
}

func retryUntilDone(ctx context.Context, r *hasty, try func() error) {
	go func() {
		r.untilDoneBad(ctx, try)
	}()
}

// Where Done is nil there is nothing to end the sleep.
func patiently(ctx context.Context, try func() error) error {
	for try() != nil {
		if done := ctx.Done(); done != nil {
			select {
			case <-done:
				return ctx.Err()
			case <-time.After(time.Minute):
				continue
			}
		}
		time.Sleep(time.Minute)
	}
	return nil
}

func hastilyBad(ctx context.Context, try func() error) error {
	for try() != nil {
		if done := ctx.Done(); done == nil {
			select {
			case <-done:
				return ctx.Err()
			case <-time.After(time.Minute):
				continue
			}
		}
		time.Sleep(time.Minute) // want `cannot stop while it sleeps: ctx does not end time.Sleep`
	}
	return nil
}

func Patiently(ctx context.Context, try func() error) {
	go func() { patiently(ctx, try) }()
	go func() { hastilyBad(ctx, try) }()
}

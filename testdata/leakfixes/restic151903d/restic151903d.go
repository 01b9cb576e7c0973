// Package restic151903d is after restic 151903d4d4f8: a context is cancelled a
// while after its parent, by a goroutine that sleeps whatever happens.
package restic151903d

import (
	"context"
	"time"
)

// DelayedBad returns a context that ends delay after ctx does.
func DelayedBad(ctx context.Context, delay time.Duration) (context.Context, context.CancelFunc) {
	out, cancel := context.WithCancel(context.Background())
	go func() {
		defer cancel()
		select {
		case <-ctx.Done():
		case <-out.Done():
			return
		}
		time.Sleep(delay)
	}()
	return out, cancel
}

// DelayedOk returns a context that ends delay after ctx does.
func DelayedOk(ctx context.Context, delay time.Duration) (context.Context, context.CancelFunc) {
	out, cancel := context.WithCancel(context.Background())
	go func() {
		defer cancel()
		select {
		case <-ctx.Done():
		case <-out.Done():
			return
		}
		select {
		case <-time.After(delay):
		case <-out.Done():
		}
	}()
	return out, cancel
}

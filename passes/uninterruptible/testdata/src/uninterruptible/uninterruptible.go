package uninterruptible

import (
	"context"
	"time"
)

func SleepBad(ctx context.Context, check func()) {
	go func() {
		for ctx.Err() == nil {
			check()
			time.Sleep(time.Hour) // want `ctx does not end time.Sleep`
		}
	}()
}

func SelectOk(ctx context.Context, check func()) {
	go func() {
		for ctx.Err() == nil {
			check()
			select {
			case <-time.After(time.Hour):
			case <-ctx.Done():
				return
			}
		}
	}()
}

// Too short to matter.
func ShortOk(ctx context.Context, check func()) {
	go func() {
		for ctx.Err() == nil {
			check()
			time.Sleep(time.Millisecond)
		}
	}()
}

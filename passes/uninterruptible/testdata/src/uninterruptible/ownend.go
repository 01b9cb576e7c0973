package uninterruptible

import (
	"context"
	"time"
)

// A context that only the goroutine itself ends, when it returns, is no stop for it.
func OwnEndOk(errs func(context.Context) <-chan error, late func()) {
	go func() {
		ctx, cancel := context.WithCancel(context.Background())
		defer cancel()
		if <-errs(ctx) != nil {
			time.Sleep(time.Minute)
		}
		late()
	}()
}

func OtherEndBad(errs func(context.Context) <-chan error, late func()) context.CancelFunc {
	ctx, cancel := context.WithCancel(context.Background())
	go func() {
		defer cancel()
		if <-errs(ctx) != nil {
			time.Sleep(time.Minute) // want "goroutine cannot stop while it sleeps: ctx does not end time.Sleep"
		}
		late()
	}()
	return cancel
}

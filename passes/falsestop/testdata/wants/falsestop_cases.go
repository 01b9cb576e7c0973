package falsestop

import (
	"context"
	"time"
)

func breakBad(ctx context.Context, in <-chan int, use func(int)) {
	go func() {
		for {
			select {
			case v := <-in:
				use(v)
			case <-ctx.Done():
				break // want "^stop has no effect: this break leaves the select"
			}
		}
	}()
}

// Another case leaves the loop, but the stop does not.
func breakOtherExitBad(in <-chan int, use func(int)) func() {
	quit := make(chan struct{})
	go func() {
		for {
			select {
			case v, ok := <-in:
				if !ok {
					return
				}
				use(v)
			case <-quit:
				break // want "leaves the select"
			}
		}
	}()
	return func() { close(quit) }
}

func breakThenTestOk(ctx context.Context, in <-chan int, use func(int)) {
	go func() {
		for {
			select {
			case v := <-in:
				use(v)
			case <-ctx.Done():
				break
			}
			if ctx.Err() != nil {
				return
			}
		}
	}()
}

func labelOk(ctx context.Context, in <-chan int, use func(int)) {
	go func() {
	loop:
		for {
			select {
			case v := <-in:
				use(v)
			case <-ctx.Done():
				break loop
			}
		}
	}()
}

// A wake that is no stop.
func wakeOk(wake chan struct{}, in <-chan int, use func(int)) {
	go func() {
		for {
			select {
			case v, ok := <-in:
				if !ok {
					return
				}
				use(v)
			case <-wake:
				break
			}
		}
	}()
	wake <- struct{}{}
}

// The loop goes on after the stop until its input ends: it drains.
func drainOk(ctx context.Context, in <-chan int, use func(int)) {
	done := ctx.Done()
	go func() {
		for {
			select {
			case v, ok := <-in:
				if !ok {
					return
				}
				use(v)
			case <-done:
				done = nil
			}
		}
	}()
}

func flagBad(ctx context.Context, in <-chan int, use func(int)) {
	go func() (stopped bool) {
		for {
			select {
			case v := <-in:
				use(v)
			case <-ctx.Done(): // want "after ctx.Done\\(\\) the loop goes round again"
				stopped = true
			}
		}
	}()
}

func flagOk(ctx context.Context, in <-chan int, use func(int)) {
	go func() {
		stopped := false
		for !stopped {
			select {
			case v := <-in:
				use(v)
			case <-ctx.Done():
				stopped = true
			}
		}
	}()
}

func blankBad(ctx context.Context, work func()) {
	go func() {
		_ = ctx // want "named here and heeded nowhere"
		for {
			work()
			time.Sleep(time.Second)
		}
	}()
}

func blankOk(ctx context.Context, work func()) {
	go func() {
		_ = ctx
		work()
	}()
}

func lostCancelBad(parent context.Context, slow bool, work func(context.Context)) {
	ctx, cancel := context.WithCancel(parent)
	if slow {
		ctx, cancel = context.WithTimeout(parent, time.Hour) // want "cancel is overwritten here"
	}
	defer cancel()
	work(ctx)
}

func renewedOk(parent context.Context, again, done chan struct{}, work func(context.Context)) {
	ctx, cancel := context.WithCancel(parent)
	work(ctx)
	for {
		select {
		case <-again:
			if parent.Err() == nil {
				cancel()
				ctx, cancel = context.WithCancel(parent)
			}
			work(ctx)
		case <-done:
			cancel()
			return
		}
	}
}

func renewedBad(parent context.Context, again, done chan struct{}, work func(context.Context)) {
	ctx, cancel := context.WithCancel(parent)
	work(ctx)
	for {
		select {
		case <-again:
			ctx, cancel = context.WithCancel(parent) // want "cancel is overwritten here"
			work(ctx)
		case <-done:
			cancel()
			return
		}
	}
}

func lostCancelOk(parent context.Context, slow bool, work func(context.Context)) {
	ctx, cancel := context.WithCancel(parent)
	if slow {
		cancel()
		ctx, cancel = context.WithTimeout(parent, time.Hour)
	}
	defer cancel()
	work(ctx)
}

func eitherCancelOk(parent context.Context, slow bool, work func(context.Context)) {
	var ctx context.Context
	var cancel context.CancelFunc
	if slow {
		ctx, cancel = context.WithTimeout(parent, time.Hour)
	} else {
		ctx, cancel = context.WithCancel(parent)
	}
	defer cancel()
	work(ctx)
}

func loopCancelOk(parent context.Context, work func(context.Context)) {
	for range 3 {
		ctx, cancel := context.WithCancel(parent)
		work(ctx)
		cancel()
	}
}

func deferredCancelOk(parent context.Context, work func(context.Context)) {
	ctx, cancel := context.WithCancel(parent)
	defer cancel()
	work(ctx)
	ctx, cancel = context.WithCancel(parent)
	defer cancel()
	work(ctx)
}

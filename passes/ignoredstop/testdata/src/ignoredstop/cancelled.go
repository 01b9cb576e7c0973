package ignoredstop

import (
	"context"
	"time"
)

// What ends the context is no stop if the function itself has cancelled it.
func attempt(parent context.Context, work func()) error {
	ctx, cancel := context.WithTimeout(parent, time.Hour)
	defer cancel()
	work()
	cancel()
	if <-ctx.Done(); ctx.Err() == context.DeadlineExceeded {
		return ctx.Err()
	}
	return nil
}

// Nothing has cancelled it where it is waited for.
func await(parent context.Context, work func()) error {
	ctx, cancel := context.WithCancel(parent)
	defer cancel()
	work()
	<-ctx.Done()
	return ctx.Err()
}

type outcome struct {
	out  chan int
	done chan struct{}
}

func newOutcome() *outcome { return &outcome{out: make(chan int), done: make(chan struct{})} }

func (o *outcome) read() {
	for {
		select {
		case n := <-o.out:
			println(n)
		case <-o.done:
			return
		}
	}
}

func (o *outcome) Close() { close(o.done) }

func (o *outcome) sendOk(n int) {
	for ; n > 0; n-- {
		o.out <- n
	}
}

func (o *outcome) sendBad(n int) {
	for ; n > 0; n-- {
		o.out <- n // want `the loop that leads here heeds ctx, this wait does not`
	}
}

func (o *outcome) cancelledOk(parent context.Context, work func()) {
	go func() {
		for {
			if err := attempt(parent, work); err != nil {
				return
			}
			o.sendOk(1)
		}
	}()
}

func (o *outcome) await(parent context.Context, work func()) {
	go func() {
		for {
			if err := await(parent, work); err != nil {
				return
			}
			o.sendBad(1)
		}
	}()
}

func Outcome(ctx context.Context, work func()) {
	o := newOutcome()
	go o.read()
	o.cancelledOk(ctx, work)
	o.await(ctx, work)
}

package waits

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"
)

func Ticker() {
	t := time.NewTicker(time.Second)
	n := 0
	go func() { // WANT: stuck (the loop at near.go:15 has no exit): runs Ticker$1
		for range t.C {
			if n++; n > 10 {
				panic("the only exit")
			}
		}
	}()
}

func Merging(ctx context.Context) {
	over := make(chan struct{})
	defer close(over)
	go func() { // WANT: stops by ctx.Done(), over
		select { // SAYS: ended by ctx.Done(): perhaps | ended by a close of over: somebody does it, in Merging at near.go:25
		case <-ctx.Done():
		case <-over:
		}
	}()
	work()
}

func Drain(ctx context.Context, jobs chan int) {
	over := make(chan struct{})
	defer close(over)
	go func() { // WANT: stops by ctx.Done(), over
	loop:
		for {
			select {
			case <-ctx.Done():
				break loop
			case <-over:
				break loop
			case <-jobs: // the loop goes on
			}
		}
		for {
			select {
			case <-jobs:
			default:
				return
			}
		}
	}()
	work()
}

func ByFlag(ctx context.Context, jobs chan int) {
	go func() { // WANT: stops by ctx.Done()
		for done := false; !done; {
			select {
			case <-ctx.Done():
				done = true
			case <-jobs:
			}
		}
	}()
}

func HalfAStop(ctx context.Context, in, out chan int) {
	go func() { // WANT: stuck (ignoredstop at near.go:79)
		for {
			select {
			case <-ctx.Done():
				return
			case v := <-in:
				out <- v
			}
		}
	}()
}

func Skipped(ctx context.Context, in chan int, busy bool) {
	go func() { // WANT: unknown (the loop at near.go:87 ends when its data say so; it heeds ctx.Done())
		for {
			if len(in) > 3 {
				time.Sleep(time.Second)
				continue
			}
			select {
			case <-ctx.Done():
				return
			case <-in:
			}
		}
	}()
}

func OnePath(fail bool) error {
	ctx, cancel := context.WithCancel(context.Background())
	go func() { <-ctx.Done() }() // WANT: stuck (unreleased at near.go:103)
	if fail {
		return errors.New("failed")
	}
	cancel()
	return nil
}

func Deferred() {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	go func() { <-ctx.Done() }() // WANT: stops by ctx.Done()
	work()
}

func Replaced(ctx context.Context, detach bool) {
	if detach {
		ctx = context.WithoutCancel(ctx)
	}
	go func() { <-ctx.Done() }() // WANT: unknown (it waits for ctx.Done() at near.go:122, whose context may be the one made at near.go:120, which is never cancelled)
}

func Defaulted(ctx context.Context) {
	if ctx == nil {
		ctx = context.Background()
	}
	go wait(ctx) // WANT: stops by ctx.Done()
}

func wait(ctx context.Context) { <-ctx.Done() }

type Owner struct {
	quit chan struct{}
	wg   sync.WaitGroup
	off  atomic.Bool
}

func NewOwner() *Owner {
	o := &Owner{quit: make(chan struct{})}
	o.wg.Add(1)
	f := o.loop
	go f()       // WANT: stops by o.quit: runs (*Owner).loop
	go o.polls() // WANT: stops by o.off.Load()
	return o
}

func (o *Owner) loop() {
	defer o.wg.Done()
	<-o.quit
}

func (o *Owner) polls() {
	for !o.off.Load() {
		time.Sleep(time.Second)
	}
}

func (o *Owner) Close() {
	close(o.quit)
	o.off.Store(true)
	o.wg.Wait()
}

func (o *Owner) Joins() {
	done := make(chan struct{})
	go func() { // WANT: stops by o.quit: runs (*Owner).Joins$1
		o.wg.Wait()
		close(done)
	}()
	<-done
}

func withRecover(f func()) {
	defer func() { _ = recover() }()
	f()
}

func Recovers(ctx context.Context) {
	go withRecover(func() { <-ctx.Done() }) // WANT: stops by ctx.Done(): runs Recovers$1 through withRecover
}

func Room() {
	ch := make(chan error, 1)
	go func() { ch <- nil }() // WANT: ends
	select {
	case <-ch:
	case <-time.After(time.Second):
	}
}

func NoRoom() {
	ch := make(chan error)
	go func() { ch <- nil }() // WANT: stuck (abandoned at near.go:195)
	select {
	case <-ch:
	case <-time.After(time.Second):
	}
}

func Pipeline(list []int) {
	jobs := make(chan int)
	go func() { // WANT: ends
		for j := range jobs {
			_ = j
		}
	}()
	go func() { // WANT: ends
		for _, j := range list {
			jobs <- j
		}
		close(jobs)
	}()
}

func Self() {
	done := make(chan struct{})
	go func() { // WANT: stuck (it waits for done at near.go:221, which only the goroutine itself raises)
		defer close(done)
		<-done
	}()
}

func Unread(f func(), list []int) {
	go func() { // WANT: ends, if f returns
		for range list {
			f()
		}
	}()
}

func work() {}

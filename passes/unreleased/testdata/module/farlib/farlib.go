// Package farlib holds what the goroutines of another package run.
package farlib

import (
	"context"
	"net"
	"sync"
	"time"
)

func Work() {}

// Run works until the context ends.
func Run(ctx context.Context) {
	for ctx.Err() == nil {
		Work()
	}
}

// OwnContext does not look at the context that it is given.
func OwnContext(ctx context.Context) {
	c := context.WithoutCancel(ctx)
	for {
		select {
		case <-c.Done():
			return
		case <-time.After(time.Second):
			Work()
		}
	}
}

// OwnContextAlone is given none.
func OwnContextAlone() {
	c := context.Background()
	for c.Err() == nil {
		Work()
	}
}

// OwnDerived ends with the context that it is given.
func OwnDerived(ctx context.Context) {
	c, cancel := context.WithCancel(ctx)
	defer cancel()
	for c.Err() == nil {
		Work()
	}
}

// Drain takes all that comes.
func Drain(in <-chan int) {
	for range in {
		Work()
	}
}

// Wait waits for a stop.
func Wait(quit <-chan struct{}) { <-quit }

// Both waits for a stop or for the end of the context.
func Both(ctx context.Context, quit <-chan struct{}) {
	select {
	case <-ctx.Done():
	case <-quit:
	}
}

// Serve lives as long as the process.
func Serve(ctx context.Context) {
	for ctx.Err() == nil {
		Work()
	}
}

// Try does not wait.
func Try(quit <-chan struct{}) {
	select {
	case <-quit:
	default:
	}
}

// InnerBad waits for what it makes itself, which is reported there.
func InnerBad() {
	quit := make(chan struct{})
	<-quit // want "waits for ever: nothing sends on quit or closes it"
}

// Loop is a loop with a stop that its owner gives.
type Loop struct{ Quit <-chan struct{} }

// Run works until the stop.
func (l *Loop) Run() {
	for {
		select {
		case <-l.Quit:
			return
		default:
			Work()
		}
	}
}

// WaitBoth takes a channel of both directions, and only receives from it.
func WaitBoth(quit chan struct{}) { <-quit }

var kept chan struct{}

// Keep hands the channel on to those who close it.
func Keep(quit chan struct{}) {
	kept = quit
	<-quit
}

// Release closes what Keep has.
func Release() { close(kept) }

// A Queue holds what waits, until it is closed.
type Queue[T any] struct {
	mu     sync.Mutex
	items  []T
	closed bool
	more   chan struct{}
}

// Next waits for an item, for the end of the queue or for that of the context.
func (q *Queue[T]) Next(ctx context.Context) (x T, ok bool) {
	for {
		q.mu.Lock()
		if q.closed {
			q.mu.Unlock()
			return x, false
		}
		q.mu.Unlock()
		select {
		case <-ctx.Done():
			return x, false
		case <-q.more:
		}
	}
}

// Close ends the queue.
func (q *Queue[T]) Close() {
	q.mu.Lock()
	q.closed = true
	q.mu.Unlock()
	close(q.more)
}

// Plain is a queue without a type parameter.
type Plain struct{ Queue[int] }

// Next is that of the queue.
func (p *Plain) Next(ctx context.Context) { p.Queue.Next(ctx) }

// Until looks at its count as well as at the context.
func Until(ctx context.Context, done func() bool) {
	for ctx.Err() == nil {
		if done() {
			return
		}
	}
}

// Accept takes connections until the listener is closed.
func Accept(ln net.Listener) {
	for {
		c, err := ln.Accept()
		if err != nil {
			return
		}
		c.Close()
	}
}

// UnderLock works with the lock held.
func UnderLock(mu *sync.Mutex) {
	mu.Lock()
	defer mu.Unlock()
	Work()
}

// Handed gives back what its caller has taken.
func Handed(mu *sync.Mutex) {
	Work()
	mu.Unlock()
	mu.Lock()
	mu.Unlock()
}

// After works when the others have.
func After(wg *sync.WaitGroup) {
	wg.Wait()
	Work()
}

// A Pool runs one function as often as it is asked to.
type Pool struct{ jobs chan struct{} }

// NewPool starts the worker.
func NewPool(f func()) *Pool {
	p := &Pool{make(chan struct{})}
	go func() {
		for range p.jobs {
			f()
		}
	}()
	return p
}

// Do runs the function once.
func (p *Pool) Do() { p.jobs <- struct{}{} }

// Close ends the worker.
func (p *Pool) Close() { close(p.jobs) }

// Ticks receives from the timer twice.
func Ticks(t *time.Timer) {
	defer t.Stop()
	<-t.C
	<-t.C
}

// Pour sends some values and returns.
func Pour(to chan<- int) {
	for i := range 9 {
		to <- i
	}
}

// PourAll closes the channel.
func PourAll(to chan<- int) {
	defer close(to)
	for i := range 9 {
		to <- i
	}
}

// PourUntil goes on until it is stopped.
func PourUntil(to chan<- int, quit chan struct{}) {
	for i := 0; ; i++ {
		select {
		case to <- i:
		case <-quit:
			return
		}
	}
}

package p

import (
	"context"
	"os"
	"time"
)

func try() error { return os.Chdir("/") }

func noReceiver() {
	ch := make(chan int)
	go func() { ch <- 1 }() // WANT: nothing receives
}

func startsLater() {
	go func() {
		ch := make(chan int)
		ch <- 1 // WANT: the receiver starts later
		go func() { <-ch }()
	}()
}

// With room for the result, the send ends.
func fewer(ctx context.Context) error {
	ch, roomy := make(chan error), make(chan error, 1)
	go func() { ch <- try() }() // WANT: fewer are taken
	go func() { roomy <- try() }()
	select {
	case err := <-ch:
		return err
	case <-roomy:
	case <-time.After(time.Second):
	}
	return nil
}

type request struct{ answer chan int }

func gives(ctx context.Context, requests chan *request) int {
	r := &request{make(chan int)}
	requests <- r
	select {
	case n := <-r.answer:
		return n
	case <-ctx.Done():
		return 0
	}
}

func answers(ctx context.Context) {
	requests := make(chan *request)
	go func() {
		for r := range requests {
			r.answer <- 1 // WANT: the maker gives up
		}
	}()
	gives(ctx, requests)
	close(requests)
}

type pipe struct {
	ch   chan int
	quit chan struct{}
}

func newPipe(ctx context.Context) *pipe {
	p := &pipe{make(chan int), make(chan struct{})}
	go p.fill()
	go p.drain(ctx)
	return p
}

func (p *pipe) fill() {
	for {
		p.ch <- 1 // WANT: the receiver leaves
	}
}

func (p *pipe) drain(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-p.quit:
			return
		case <-p.ch:
		}
	}
}

// The loop may have left by the context.
func (p *pipe) Close() {
	p.quit <- struct{}{} // WANT: the loop leaves
}

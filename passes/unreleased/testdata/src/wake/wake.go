// Package wake holds waits for what nobody raises, where it is evident who
// should.
package wake

import (
	"context"
	"sync"
)

type session struct {
	ctx    context.Context
	cancel context.CancelFunc
	ticks  chan int
	sum    int
}

func begin() *session {
	s := &session{ticks: make(chan int)}
	s.ctx, s.cancel = context.WithCancel(context.Background())
	go s.runBad()
	return s
}

func (s *session) runBad() {
	for {
		select { // want `the context of s.ctx.Done\(\) does not end`
		case <-s.ctx.Done():
			return
		case n := <-s.ticks:
			s.sum += n
		}
	}
}

// Close ends the session.
func (s *session) Close() {
	// Nothing to flush.
	s.sum = 0
}

func sumBad(lists [][]int) (sum int) {
	found := make(chan int)
	go func() {
		for n := range found { // want `nothing closes found, which alone would end its loop`
			sum += n
		}
	}()
	for _, list := range lists {
		for _, n := range list {
			found <- n
		}
	} // all of them
	return sum
}

type upload struct{ parts [][]byte }

func (u *upload) send(finished chan struct{}) {
	for range u.parts {
		u.parts = nil
	}
}

func (u *upload) startBad() {
	finished := make(chan struct{})
	go u.send(finished)
	go func() {
		<-finished // want `nothing sends on finished or closes it`
		u.parts = nil
	}()
}

type buffer struct {
	mu     sync.Mutex
	change *sync.Cond
	closed bool
}

func newBuffer() *buffer {
	b := &buffer{}
	b.change = sync.NewCond(&b.mu)
	go b.drainBad()
	return b
}

func (b *buffer) drainBad() {
	b.mu.Lock()
	defer b.mu.Unlock()
	for !b.closed {
		b.change.Wait() // want `nothing signals b.change`
	}
}

// Close ends the buffer.
func (b *buffer) Close() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.closed = true // for good
}

// Package wake holds waits for what nobody raises, where it is evident who
// should.
package wake

import (
	"context"
	"sync"
	"sync/atomic"
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
		for n := range found { // want `nothing closes found, so the range over it has no end`
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

type meter struct {
	stopped atomic.Bool
	reads   atomic.Int64
}

func newMeter() *meter {
	m := new(meter)
	go m.runBad()
	return m
}

func (m *meter) runBad() {
	for !m.stopped.Load() { // want `its loop ends when a flag is set, and nothing sets it`
		m.reads.Add(1)
	}
}

// Stop ends the meter.
func (m *meter) Stop() { m.reads.Store(0) }

var workers sync.WaitGroup

func (m *meter) work() { m.reads.Add(1) }

func (m *meter) workAll(n int) {
	for range n {
		workers.Add(1)
		go m.work()
	}
	go m.finishBad()
}

func (m *meter) finishBad() {
	workers.Wait() // want `nothing calls Done on workers`
	m.reads.Store(0)
}

func (m *meter) trackBad(ctx context.Context, ticks chan int) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	for {
		select { // want `the goroutine itself alone raises that, after the loop`
		case <-ctx.Done():
			return
		case n := <-ticks:
			m.reads.Add(int64(n))
		}
	}
}

func track(m *meter) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	ticks := make(chan int)
	go m.trackBad(ctx, ticks)
	ticks <- 1
}

// A close of in would not end the loop in every round: the receive in it would go on
// with zero values.
func batchBad(numbers []int, wait <-chan bool, out chan<- []int) {
	in := make(chan int)
	go func() {
		var all []int
		for n := range in { // want `nothing closes in, so the range over it has no end`
			all = append(all, n)
		more:
			for {
				select {
				case n := <-in:
					all = append(all, n)
				case <-wait:
					break more
				}
			}
			out <- all
		}
	}()
	for _, n := range numbers {
		in <- n
	}
}

// Command unreleased-cond has a buffer whose readers wait on a condition. Put
// wakes them, Close sets the flag they look at and wakes nobody.
package main

import (
	"sync"
	"time"

	"example.com/leaks/judge"
)

type buffer struct {
	mu     sync.Mutex
	change *sync.Cond
	closed bool
}

func newBuffer() *buffer {
	b := &buffer{}
	b.change = sync.NewCond(&b.mu)
	go b.drain()
	return b
}

func (b *buffer) drain() {
	b.mu.Lock()
	defer b.mu.Unlock()
	for !b.closed {
		b.change.Wait()
	}
}

// Close ends the buffer.
func (b *buffer) Close() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.closed = true
}

func main() {
	for range 2 {
		b := newBuffer()
		time.Sleep(5 * time.Millisecond)
		b.Close()
	}
	judge.Report()
}

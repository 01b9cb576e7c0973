// Package lock holds a send under a lock that the receiver needs first.
package lock

import (
	"sync"
	"time"
)

// A queue is large enough to be an object of its own: the runtime puts a lock alone
// into one block with other small values, and sees it for as long as one of them lives.
type queue struct {
	mu sync.Mutex
	ch chan int
}

// Run starts sender and receiver.
func Run() {
	q := &queue{ch: make(chan int)}
	go func() {
		q.mu.Lock()
		defer q.mu.Unlock()
		q.ch <- 1
	}()
	go func() {
		time.Sleep(time.Millisecond)
		q.mu.Lock()
		defer q.mu.Unlock()
		<-q.ch
	}()
}

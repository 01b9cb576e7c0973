package uninterruptible

import (
	"sync"
	"time"
)

// Who closes the stop needs the lock that is held during the sleep.

type node struct {
	mu   sync.Mutex
	stop chan struct{}
	n    int
}

func (n *node) Close() {
	n.mu.Lock()
	defer n.mu.Unlock()
	close(n.stop)
}

func newNode() *node {
	n := &node{stop: make(chan struct{})}
	go n.joinOk()
	go n.leaveBad()
	return n
}

func (n *node) joinOk() {
	n.mu.Lock()
	defer n.mu.Unlock()
	for range 10 {
		n.tryOk()
	}
}

func (n *node) tryOk() {
	n.n++
	time.Sleep(10 * time.Second)
}

func (n *node) leaveBad() {
	n.mu.Lock()
	n.n--
	n.mu.Unlock()
	for range 10 {
		time.Sleep(10 * time.Second) // want "goroutine cannot stop while it sleeps: n.stop does not end time.Sleep"
	}
}

// The closer has given the lock back, or takes that of another object.

type early struct {
	mu   sync.Mutex
	stop chan struct{}
	n    int
	kid  *early
}

func newEarly(kid *early) *early {
	e := &early{stop: make(chan struct{}), kid: kid}
	go e.sleepBad()
	return e
}

func (e *early) Close() {
	e.mu.Lock()
	e.n++
	e.mu.Unlock()
	close(e.stop)
}

func (e *early) sleepBad() {
	e.mu.Lock()
	defer e.mu.Unlock()
	for range 10 {
		time.Sleep(10 * time.Second) // want "goroutine cannot stop while it sleeps: e.stop does not end time.Sleep"
	}
}

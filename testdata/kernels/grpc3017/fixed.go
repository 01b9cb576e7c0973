// Package grpc3017 is a fixed form: the timer's function releases the lock on
// each of its ways.
package grpc3017

import (
	"sync"
	"time"
)

type entry struct {
	sc            int
	cancel        func()
	abortDeleting bool
}

type cacheConn struct {
	mu      sync.Mutex
	timeout time.Duration
	cache   map[int]*entry
	toAddr  map[int]int
}

func (c *cacheConn) newSubConn(addr int) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	if e, ok := c.cache[addr]; ok {
		e.cancel()
		delete(c.cache, addr)
		return e.sc
	}
	c.toAddr[1] = addr
	return 1
}

func (c *cacheConn) removeSubConn(sc int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	addr, ok := c.toAddr[sc]
	if !ok {
		return
	}
	if _, ok := c.cache[addr]; ok {
		return
	}
	e := &entry{sc: sc}
	c.cache[addr] = e
	timer := time.AfterFunc(c.timeout, func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		if e.abortDeleting {
			return
		}
		delete(c.toAddr, sc)
		delete(c.cache, addr)
	})
	e.cancel = func() {
		if !timer.Stop() {
			e.abortDeleting = true
		}
	}
}

// Run removes and adds connections.
func Run() {
	done := make(chan struct{})
	c := &cacheConn{timeout: time.Nanosecond, cache: map[int]*entry{}, toAddr: map[int]int{}}
	sc := c.newSubConn(1)
	go func() {
		defer close(done)
		for i := 0; i < 100; i++ {
			c.removeSubConn(sc)
			sc = c.newSubConn(1)
		}
	}()
	<-done
}

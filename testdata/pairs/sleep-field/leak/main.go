// Command leak sleeps between sweeps and never looks at its done channel.
package main

import (
	"sync"
	"time"

	"example.com/leaks/judge"
)

type cache struct {
	mu   sync.Mutex
	done chan struct{}
	m    map[string]time.Time
}

func newCache() *cache {
	c := &cache{done: make(chan struct{}), m: map[string]time.Time{}}
	go c.sweepLoop()
	return c
}

func (c *cache) sweepLoop() {
	for {
		c.sweep()
		time.Sleep(2 * time.Millisecond)
	}
}

func (c *cache) sweep() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for k, t := range c.m {
		if time.Since(t) > time.Second {
			delete(c.m, k)
		}
	}
}

// Close ends the sweeping.
func (c *cache) Close() { close(c.done) }

func main() {
	for range 2 {
		c := newCache()
		c.Close()
		newCache().Close()
	}
	judge.Report()
}

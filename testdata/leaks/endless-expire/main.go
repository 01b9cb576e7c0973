// Command endless-expire drops old entries of a cache, whose Stop only clears it.
package main

import (
	"sync"
	"time"

	"example.com/leaks/judge"
)

type entry struct{ until time.Time }

type cache struct {
	mu      sync.Mutex
	entries map[string]entry
}

func newCache() *cache {
	c := &cache{entries: make(map[string]entry)}
	go c.expire()
	return c
}

func (c *cache) expire() {
	for now := range time.Tick(time.Millisecond) {
		c.mu.Lock()
		for key, e := range c.entries {
			if e.until.Before(now) {
				delete(c.entries, key)
			}
		}
		c.mu.Unlock()
	}
}

// Stop clears the cache.
func (c *cache) Stop() {
	c.mu.Lock()
	defer c.mu.Unlock()
	clear(c.entries)
}

func main() {
	for range 2 {
		c := newCache()
		time.Sleep(3 * time.Millisecond)
		c.Stop()
	}
	judge.Report()
}

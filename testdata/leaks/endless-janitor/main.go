// Command endless-janitor creates caches with a janitor each. Stop empties the
// cache; the janitor sleeps and sweeps for ever.
package main

import (
	"sync"
	"time"

	"example.com/leaks/judge"
)

type entry struct {
	value   string
	expires time.Time
}

type cache struct {
	mu      sync.Mutex
	entries map[string]entry
}

func newCache() *cache {
	c := &cache{entries: map[string]entry{}}
	go c.janitor()
	return c
}

func (c *cache) janitor() {
	for {
		time.Sleep(10 * time.Millisecond)
		c.sweep(time.Now())
	}
}

func (c *cache) sweep(now time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for k, e := range c.entries {
		if now.After(e.expires) {
			delete(c.entries, k)
		}
	}
}

func (c *cache) put(key, value string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.entries[key] = entry{value, time.Now().Add(15 * time.Millisecond)}
}

// Stop drops all entries.
func (c *cache) Stop() {
	c.mu.Lock()
	defer c.mu.Unlock()
	clear(c.entries)
}

func session(user string) {
	c := newCache()
	c.put(user, "token")
	time.Sleep(20 * time.Millisecond)
	c.Stop()
}

func main() {
	for range 2 {
		session("ann")
		session("bob")
	}
	judge.Report()
}

// Command falsestop-pause stops its ticker, which does not end a range over it.
package main

import (
	"sync/atomic"
	"time"

	"example.com/leaks/judge"
)

type clock struct {
	t *time.Ticker
	n atomic.Int64
}

func newClock() *clock {
	c := &clock{t: time.NewTicker(time.Millisecond)}
	go c.run()
	return c
}

func (c *clock) run() {
	for range c.t.C {
		c.n.Add(1)
	}
}

// Stop stops the clock.
func (c *clock) Stop() { c.t.Stop() }

func main() {
	for range 2 {
		c := newClock()
		time.Sleep(3 * time.Millisecond)
		c.Stop()
	}
	judge.Report()
}

package owner

import "time"

// Nobody outside could call a Stop of clock, and nothing here does.
type clock struct{ n int }

func newClock() *clock {
	c := &clock{}
	go c.countBad()
	return c
}

func (c *clock) countBad() {
	for { // want `no exit`
		c.n++
		time.Sleep(time.Second)
	}
}

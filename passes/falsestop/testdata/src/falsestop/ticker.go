package falsestop

import "time"

// A clock has a ticker of its own, whose method it has got.
type clock struct {
	*time.Ticker
	out chan time.Time
}

func newClock() *clock {
	c := &clock{time.NewTicker(time.Second), make(chan time.Time)}
	go func() {
		for t := range c.Ticker.C {
			c.out <- t
		}
	}()
	return c
}

func useClockBad(quit chan struct{}) {
	c := newClock()
	defer c.Stop() // want "c.Stop does not close c.Ticker.C, so the range over it has no end"
	for {
		select {
		case <-quit:
			return
		case <-c.out:
		}
	}
}

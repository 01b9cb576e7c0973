package asleep

import (
	"time"

	"example.com/away"
)

// A check at the head of the loop would come only after the sleep, which stands in code
// that is not read.

type Prober struct {
	every time.Duration
	n     int
}

func (p *Prober) Start() {
	go p.probeBad()
}

func (p *Prober) probeBad() {
	for { // want `no exit`
		away.Pause(p.every)
		p.n++
	}
}

// Here the loop waits itself.

type Counter struct {
	every time.Duration
	n     int
}

func (c *Counter) Start() {
	go c.countBad()
}

func (c *Counter) countBad() {
	for { // want `no exit`
		c.n = away.Count(c.n)
		time.Sleep(c.every)
	}
}

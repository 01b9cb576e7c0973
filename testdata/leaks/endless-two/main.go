// Command endless-two has a feeder and a writer that belong to one object.
package main

import (
	"time"

	"example.com/leaks/judge"
)

type pump struct {
	ch    chan int
	total int
}

func newPump() *pump {
	p := &pump{ch: make(chan int)}
	go p.feed()
	go p.drain()
	return p
}

func (p *pump) feed() {
	for range time.Tick(time.Millisecond) {
		p.ch <- 1
	}
}

func (p *pump) drain() {
	for n := range p.ch {
		p.total += n
	}
}

// Close ends the pump.
func (p *pump) Close() {}

func main() {
	for range 2 {
		p := newPump()
		time.Sleep(5 * time.Millisecond)
		p.Close()
	}
	judge.Report()
}

// Package farlib holds loops that another package starts.
package farlib

import "time"

var count int

// Spin cannot return.
func Spin() {
	for {
		count++
		time.Sleep(time.Second)
	}
}

// Hold cannot return either.
func Hold() { select {} }

// Brief returns.
func Brief() { time.Sleep(time.Second) }

// A Pump works for others.
type Pump struct {
	in   chan int
	quit chan struct{}
}

// NewPump makes a pump.
func NewPump() *Pump { return &Pump{in: make(chan int), quit: make(chan struct{})} }

// Put gives the pump something to do.
func (p *Pump) Put(n int) { p.in <- n }

// Run has no exit.
func (p *Pump) Run() {
	for {
		count += <-p.in
	}
}

// RunUntil is ended by Stop.
func (p *Pump) RunUntil() {
	for {
		select {
		case n := <-p.in:
			count += n
		case <-p.quit:
			return
		}
	}
}

// Stop ends RunUntil.
func (p *Pump) Stop() { close(p.quit) }

// Until ends with an error of the work.
func Until(work func() error) {
	for {
		if work() != nil {
			return
		}
	}
}

// Collect runs for the lifetime of the process.
func Collect() {
	for {
		count++
		time.Sleep(time.Minute)
	}
}

// Flush goes on for good.
func Flush() {
	//killcheck:lifetime process -- it keeps the counters of the program
	for {
		count = 0
		time.Sleep(time.Minute)
	}
}

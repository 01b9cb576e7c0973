// Command ok spins until Stop sets the flag.
package main

import (
	"sync/atomic"
	"time"

	"example.com/leaks/judge"
)

type meter struct {
	stopped atomic.Bool
	reads   atomic.Int64
}

func (m *meter) run() {
	for !m.stopped.Load() {
		m.reads.Add(1)
		time.Sleep(time.Millisecond)
	}
}

func start() *meter {
	m := new(meter)
	go m.run()
	return m
}

// Stop ends the meter.
func (m *meter) Stop() {
	m.reads.Store(0)
	m.stopped.Store(true)
}

func main() {
	for range 2 {
		m := start()
		time.Sleep(5 * time.Millisecond)
		m.Stop()
	}
	judge.Report()
}

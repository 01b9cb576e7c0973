// Command ok makes the quit channel and closes it.
package main

import (
	"sync/atomic"
	"time"

	"example.com/leaks/judge"
)

type monitor struct {
	quit   chan struct{}
	checks atomic.Int64
}

func newMonitor() *monitor {
	m := &monitor{quit: make(chan struct{})}
	go m.run()
	return m
}

func (m *monitor) run() {
	for {
		select {
		case <-m.quit:
			return
		case <-time.After(2 * time.Millisecond):
			m.checks.Add(1)
		}
	}
}

// Stop ends the monitor.
func (m *monitor) Stop() {
	close(m.quit)
}

func main() {
	for range 2 {
		m := newMonitor()
		time.Sleep(5 * time.Millisecond)
		m.Stop()
	}
	judge.Report()
}

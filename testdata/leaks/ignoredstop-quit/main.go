// Command ignoredstop-quit closes its quit channel, which one of its two loops does
// not look at.
package main

import (
	"sync/atomic"
	"time"

	"example.com/leaks/judge"
)

type monitor struct {
	quit  chan struct{}
	beats chan int
	seen  atomic.Int64
}

func newMonitor() *monitor {
	m := &monitor{quit: make(chan struct{}), beats: make(chan int)}
	go m.beat()
	go m.count()
	return m
}

func (m *monitor) beat() {
	for {
		select {
		case m.beats <- 1:
		case <-m.quit:
			return
		}
	}
}

func (m *monitor) count() {
	for {
		n := <-m.beats
		m.seen.Add(int64(n))
	}
}

func (m *monitor) close() { close(m.quit) }

func main() {
	for range 2 {
		m := newMonitor()
		time.Sleep(time.Millisecond)
		m.close()
	}
	judge.Report()
}

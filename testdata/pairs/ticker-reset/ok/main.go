// Command ok rearms a timer until the quit channel is closed.
package main

import (
	"sync/atomic"
	"time"

	"example.com/leaks/judge"
)

type watchdog struct {
	quit  chan struct{}
	limit time.Duration
	barks atomic.Int64
}

func newWatchdog(limit time.Duration) *watchdog {
	w := &watchdog{quit: make(chan struct{}), limit: limit}
	go w.watch()
	return w
}

func (w *watchdog) watch() {
	timer := time.NewTimer(w.limit)
	defer timer.Stop()
	for {
		select {
		case <-timer.C:
			w.barks.Add(1)
			timer.Reset(w.limit)
		case <-w.quit:
			return
		}
	}
}

// Close puts the watchdog to sleep.
func (w *watchdog) Close() { close(w.quit) }

func main() {
	for range 2 {
		w := newWatchdog(2 * time.Millisecond)
		time.Sleep(5 * time.Millisecond)
		w.Close()
	}
	judge.Report()
}

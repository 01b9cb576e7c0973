// Command falsestop-ticker believes that Ticker.Stop ends a range over the
// ticker's channel.
package main

import (
	"sync/atomic"
	"time"

	"example.com/leaks/judge"
)

type flusher struct {
	ticker  *time.Ticker
	flushes atomic.Int64
}

func newFlusher(every time.Duration) *flusher {
	f := &flusher{ticker: time.NewTicker(every)}
	go f.run()
	return f
}

func (f *flusher) run() {
	for range f.ticker.C {
		f.flushes.Add(1)
	}
}

// Close ends the flushing.
func (f *flusher) Close() { f.ticker.Stop() }

func main() {
	for range 3 {
		f := newFlusher(2 * time.Millisecond)
		time.Sleep(10 * time.Millisecond)
		f.Close()
	}
	judge.Report()
}

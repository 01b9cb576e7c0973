// Command ok closes a channel beside stopping the ticker.
package main

import (
	"sync/atomic"
	"time"

	"example.com/leaks/judge"
)

// flushers lists all flushers, for a status page.
var flushers []*flusher

type flusher struct {
	t       *time.Ticker
	quit    chan struct{}
	flushes atomic.Int64
}

func start() *flusher {
	f := &flusher{t: time.NewTicker(2 * time.Millisecond), quit: make(chan struct{})}
	flushers = append(flushers, f)
	go f.run()
	return f
}

func (f *flusher) run() {
	for {
		select {
		case <-f.t.C:
			f.flushes.Add(1)
		case <-f.quit:
			return
		}
	}
}

// Close ends the flushing.
func (f *flusher) Close() {
	f.t.Stop()
	close(f.quit)
}

func main() {
	for range 2 {
		f := start()
		time.Sleep(5 * time.Millisecond)
		f.Close()
	}
	judge.Report()
	flushers = nil
}

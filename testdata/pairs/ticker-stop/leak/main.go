// Command leak stops the ticker that a goroutine ranges over.
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
	flushes atomic.Int64
}

func start() *flusher {
	f := &flusher{t: time.NewTicker(2 * time.Millisecond)}
	flushers = append(flushers, f)
	go f.run()
	return f
}

func (f *flusher) run() {
	for range f.t.C {
		f.flushes.Add(1)
	}
}

// Close ends the flushing.
func (f *flusher) Close() {
	f.t.Stop()
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

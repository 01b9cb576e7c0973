// Command ok waits for time.After or the quit channel.
package main

import (
	"sync/atomic"
	"time"

	"example.com/leaks/judge"
)

type refresher struct {
	quit  chan struct{}
	every time.Duration
	done  atomic.Int64
}

func (r *refresher) run() {
	for {
		select {
		case <-time.After(r.every):
			r.done.Add(1)
		case <-r.quit:
			return
		}
	}
}

func (r *refresher) Start() { go r.run() }

// Stop ends the refreshing.
func (r *refresher) Stop() { close(r.quit) }

func main() {
	for range 2 {
		r := &refresher{quit: make(chan struct{}), every: 2 * time.Millisecond}
		r.Start()
		time.Sleep(5 * time.Millisecond)
		r.Stop()
	}
	judge.Report()
}

// Command ok waits an hour or for the stop channel.
package main

import (
	"sync/atomic"
	"time"

	"example.com/leaks/judge"
)

type reminder struct {
	stop chan struct{}
	rang atomic.Bool
}

func (r *reminder) wait(d time.Duration) {
	select {
	case <-r.stop:
	case <-time.After(d):
		r.rang.Store(true)
	}
}

func remind(d time.Duration) *reminder {
	r := &reminder{stop: make(chan struct{})}
	go r.wait(d)
	return r
}

// Cancel forgets the reminder.
func (r *reminder) Cancel() { close(r.stop) }

func main() {
	for range 2 {
		remind(time.Hour).Cancel()
		remind(2 * time.Hour).Cancel()
	}
	judge.Report()
}

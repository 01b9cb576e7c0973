// Command leak notes the stop in a variable that nothing reads in the loop.
package main

import (
	"sync/atomic"
	"time"

	"example.com/leaks/judge"
)

type replica struct {
	stop    chan struct{}
	applied atomic.Int64
}

func (r *replica) apply() (stopped bool) {
	t := time.NewTicker(2 * time.Millisecond)
	defer t.Stop()
	for {
		select {
		case <-r.stop:
			stopped = true
		case <-t.C:
			r.applied.Add(1)
		}
	}
}

func start() *replica {
	r := &replica{stop: make(chan struct{}, 1)}
	go r.apply()
	return r
}

// Stop ends the replica.
func (r *replica) Stop() { r.stop <- struct{}{} }

func main() {
	for range 2 {
		r := start()
		time.Sleep(5 * time.Millisecond)
		r.Stop()
	}
	judge.Report()
}

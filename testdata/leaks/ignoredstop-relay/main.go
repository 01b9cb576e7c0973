// Command ignoredstop-relay forwards events to a subscriber. Its receive heeds
// the stop channel, its send does not, and the subscriber is gone.
package main

import (
	"time"

	"example.com/leaks/judge"
)

type event struct{ id int }

type relay struct {
	src  chan event
	dst  chan event
	stop chan struct{}
}

func (r *relay) run() {
	for {
		select {
		case <-r.stop:
			return
		case e := <-r.src:
			r.dst <- e
		}
	}
}

func subscribe(n int) {
	r := &relay{src: make(chan event), dst: make(chan event), stop: make(chan struct{})}
	go r.run()
	for i := range n {
		r.src <- event{i}
		if i < n-1 {
			<-r.dst
		}
	}
	time.Sleep(5 * time.Millisecond)
	close(r.stop)
}

func main() {
	for range 2 {
		subscribe(2)
		subscribe(3)
	}
	judge.Report()
}

// Command endless-events hands events to listeners from a loop with two channels.
package main

import (
	"time"

	"example.com/leaks/judge"
)

type dispatcher struct {
	events chan string
	add    chan func(string)
	seen   []func(string)
}

func newDispatcher() *dispatcher {
	d := &dispatcher{events: make(chan string), add: make(chan func(string))}
	go d.run()
	return d
}

func (d *dispatcher) run() {
	for {
		select {
		case f := <-d.add:
			d.seen = append(d.seen, f)
		case e := <-d.events:
			for _, f := range d.seen {
				f(e)
			}
		}
	}
}

// Close is called when the dispatcher is not needed any more.
func (d *dispatcher) Close() {}

func main() {
	for range 3 {
		d := newDispatcher()
		d.add <- func(string) {}
		d.events <- "start"
		time.Sleep(time.Millisecond)
		d.Close()
	}
	judge.Report()
}

// Command leak polls a channel in a loop without a case for done.
package main

import (
	"time"

	"example.com/leaks/judge"
)

type worker struct {
	in   chan int
	done chan struct{}
	sum  int
}

func (w *worker) run() {
	for {
		select {
		case n := <-w.in:
			w.sum += n
		default:
			time.Sleep(time.Millisecond)
		}
	}
}

func start() *worker {
	w := &worker{in: make(chan int), done: make(chan struct{})}
	go w.run()
	return w
}

// Stop ends the worker.
func (w *worker) Stop() { close(w.done) }

func main() {
	for range 2 {
		w := start()
		w.in <- 1
		w.Stop()
	}
	judge.Report()
}

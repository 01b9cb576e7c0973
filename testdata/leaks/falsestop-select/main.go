// Command falsestop-select breaks out of the select and not out of the loop.
package main

import (
	"time"

	"example.com/leaks/judge"
)

type loop struct {
	quit chan struct{}
	work chan int
	sum  int
}

func (l *loop) run() {
	for {
		select {
		case n := <-l.work:
			l.sum += n
		case <-l.quit:
			break
		}
	}
}

func main() {
	for range 2 {
		l := &loop{quit: make(chan struct{}), work: make(chan int)}
		go l.run()
		l.work <- 1
		close(l.quit)
		time.Sleep(time.Millisecond)
	}
	judge.Report()
}

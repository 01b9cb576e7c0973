// Command ok closes the quit channel in Shutdown.
package main

import (
	"os"
	"sync/atomic"
	"time"

	"example.com/leaks/judge"
)

var quit = make(chan struct{})

type listener struct{ ticks atomic.Int64 }

func (l *listener) run() {
	t := time.NewTicker(2 * time.Millisecond)
	defer t.Stop()
	for {
		select {
		case <-t.C:
			l.ticks.Add(1)
		case <-quit:
			return
		}
	}
}

func (l *listener) start() { go l.run() }

func (l *listener) shutdown() {
	l.ticks.Store(0)
	close(quit)
}

func main() {
	var l listener
	for range os.Args {
		l.start()
	}
	time.Sleep(5 * time.Millisecond)
	l.shutdown()
	judge.Report()
}

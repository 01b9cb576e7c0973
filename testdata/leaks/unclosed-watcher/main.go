// Command unclosed-watcher makes a watcher, and closes it in one of two functions.
package main

import (
	"fmt"
	"time"

	"example.com/leaks/judge"
)

type watcher struct {
	quit  chan struct{}
	found int
}

func newWatcher(every time.Duration) *watcher {
	w := &watcher{quit: make(chan struct{})}
	go w.run(every)
	return w
}

func (w *watcher) run(every time.Duration) {
	t := time.NewTicker(every)
	defer t.Stop()
	for {
		select {
		case <-t.C:
		case <-w.quit:
			return
		}
	}
}

func (w *watcher) Close() { close(w.quit) }

func scan() int {
	w := newWatcher(time.Millisecond)
	time.Sleep(3 * time.Millisecond)
	return w.found
}

func scanTwice() int {
	w := newWatcher(time.Millisecond)
	defer w.Close()
	return 2 * w.found
}

func main() {
	for range 2 {
		fmt.Println(scan(), scanTwice())
	}
	judge.Report()
}

// Command leak waits for a package-level group whose workers do not say that
// they are done.
package main

import (
	"sync"
	"sync/atomic"

	"example.com/leaks/judge"
)

var group sync.WaitGroup

type task struct{ n atomic.Int64 }

func (t *task) work() {
	t.n.Add(1)
}

func (t *task) start(workers int) {
	for range workers {
		group.Add(1)
		go t.work()
	}
	go t.finish()
}

func (t *task) finish() {
	group.Wait()
	t.n.Store(0)
}

func main() {
	for range 2 {
		var t task
		t.start(3)
	}
	judge.Report()
}

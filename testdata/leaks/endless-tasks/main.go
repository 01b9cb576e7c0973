// Command endless-tasks has workers for tasks. Stop does not reach them.
package main

import (
	"sync/atomic"
	"time"

	"example.com/leaks/judge"
)

type group struct {
	tasks  chan func()
	closed atomic.Bool
}

func newGroup(workers int) *group {
	g := &group{tasks: make(chan func())}
	for range workers {
		go g.work()
	}
	return g
}

func (g *group) work() {
	for {
		task := <-g.tasks
		task()
	}
}

// Stop takes no more tasks.
func (g *group) Stop() { g.closed.Store(true) }

func main() {
	for range 2 {
		g := newGroup(2)
		g.tasks <- func() {}
		time.Sleep(time.Millisecond)
		g.Stop()
	}
	judge.Report()
}

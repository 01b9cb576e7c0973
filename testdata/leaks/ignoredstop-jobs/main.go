// Command ignoredstop-jobs has a pool whose workers receive jobs. Stop closes
// the done channel, which no worker looks at.
package main

import (
	"sync/atomic"

	"example.com/leaks/judge"
)

type pool struct {
	jobs chan func()
	done chan struct{}
}

func newPool(workers int) *pool {
	p := &pool{jobs: make(chan func()), done: make(chan struct{})}
	for range workers {
		go p.worker()
	}
	return p
}

func (p *pool) worker() {
	for {
		job := <-p.jobs
		job()
	}
}

// Do runs job on a worker. It reports false once the pool is stopped.
func (p *pool) Do(job func()) bool {
	select {
	case p.jobs <- job:
		return true
	case <-p.done:
		return false
	}
}

// Stop ends the pool. It must be called once.
func (p *pool) Stop() { close(p.done) }

func main() {
	var n atomic.Int64
	p := newPool(4)
	for range 10 {
		p.Do(func() { n.Add(1) })
	}
	p.Stop()
	judge.Report()
}

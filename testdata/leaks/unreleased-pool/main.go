// Command unreleased-pool has workers that range over a channel of jobs, and a
// Close that does not close it.
package main

import (
	"sync/atomic"

	"example.com/leaks/judge"
)

type pool struct {
	jobs   chan int
	total  atomic.Int64
	closed bool
}

func newPool(workers int) *pool {
	p := &pool{jobs: make(chan int)}
	for range workers {
		go p.work()
	}
	return p
}

func (p *pool) work() {
	for n := range p.jobs {
		p.total.Add(int64(n))
	}
}

func (p *pool) add(n int) {
	if !p.closed {
		p.jobs <- n
	}
}

// Close lets no more jobs in.
func (p *pool) Close() {
	if p.closed {
		return
	}
	p.closed = true
}

func main() {
	p := newPool(3)
	for n := range 10 {
		p.add(n)
	}
	p.Close()
	judge.Report()
}

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

func sum(n int) int64 {
	p := newPool(2)
	for n := range n {
		p.add(n)
	}
	p.Close()
	return p.total.Load()
}

func main() {
	for range 2 {
		sum(10)
	}
	judge.Report()
}

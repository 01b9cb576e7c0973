// Command unreleased-notify adds to a queue without waking those who wait for it.
package main

import (
	"sync"
	"time"

	"example.com/leaks/judge"
)

type queue struct {
	mu    sync.Mutex
	cond  *sync.Cond
	items []int
}

func newQueue() *queue {
	q := &queue{}
	q.cond = sync.NewCond(&q.mu)
	return q
}

func (q *queue) put(n int) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.items = append(q.items, n)
}

func (q *queue) get() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	for len(q.items) == 0 {
		q.cond.Wait()
	}
	n := q.items[0]
	q.items = q.items[1:]
	return n
}

func main() {
	for range 2 {
		q := newQueue()
		go q.get()
		time.Sleep(time.Millisecond)
		q.put(1)
	}
	judge.Report()
}

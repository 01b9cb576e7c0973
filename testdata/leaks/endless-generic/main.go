// Command endless-generic has a queue for any type, whose loop has no end.
package main

import (
	"sync"
	"time"

	"example.com/leaks/judge"
)

type queue[T any] struct {
	in   chan T
	mu   sync.Mutex
	kept []T
}

func newQueue[T any]() *queue[T] {
	q := &queue[T]{in: make(chan T)}
	go q.run()
	return q
}

func (q *queue[T]) run() {
	for v := range q.in {
		q.mu.Lock()
		q.kept = append(q.kept, v)
		q.mu.Unlock()
	}
}

// Close drops what was kept.
func (q *queue[T]) Close() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.kept = nil
}

func main() {
	for n := range 2 {
		q := newQueue[int]()
		q.in <- n
		time.Sleep(time.Millisecond)
		q.Close()
	}
	judge.Report()
}

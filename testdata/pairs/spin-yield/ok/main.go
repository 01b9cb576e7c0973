// Command ok looks at its context in each spin.
package main

import (
	"context"
	"runtime"
	"sync"

	"example.com/leaks/judge"
)

type queue struct {
	mu    sync.Mutex
	items []int
	sum   int
}

func (q *queue) take() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.items) == 0 {
		return false
	}
	q.sum += q.items[0]
	q.items = q.items[1:]
	return true
}

func (q *queue) consume(ctx context.Context) {
	for ctx.Err() == nil {
		if !q.take() {
			runtime.Gosched()
		}
	}
}

func batch(items ...int) {
	ctx, cancel := context.WithCancel(context.Background())
	q := &queue{items: items}
	go q.consume(ctx)
	cancel()
}

func main() {
	for range 2 {
		batch(1, 2, 3)
	}
	judge.Report()
}

// Command dirtystop-lock leaves with its lock held when its context ends.
package main

import (
	"context"
	"sync"
	"time"

	"example.com/leaks/judge"
)

type table struct {
	mu   sync.Mutex
	rows chan int
	sum  int
}

func (t *table) fill(ctx context.Context) {
	for {
		t.mu.Lock()
		select {
		case <-ctx.Done():
			return
		case n := <-t.rows:
			t.sum += n
		default:
		}
		t.mu.Unlock()
		time.Sleep(time.Millisecond)
	}
}

func (t *table) total() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.sum
}

func session() {
	ctx, cancel := context.WithCancel(context.Background())
	t := &table{rows: make(chan int)}
	go t.fill(ctx)
	time.Sleep(2 * time.Millisecond)
	cancel()
	time.Sleep(5 * time.Millisecond)
	go t.total()
}

func main() {
	for range 2 {
		session()
	}
	judge.Report()
}

// Command heldlock-twice calls a method that takes the lock which its caller holds.
package main

import (
	"sync"
	"time"

	"example.com/leaks/judge"
)

type list struct {
	mu    sync.Mutex
	items []int
}

func (l *list) size() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.items)
}

func (l *list) add(n int) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.items = append(l.items, n)
	return l.size()
}

func main() {
	for range 2 {
		l := &list{}
		go l.add(1)
		time.Sleep(time.Millisecond)
	}
	judge.Report()
}

// Command heldlock-return leaves with its lock held where there is nothing to do.
package main

import (
	"sync"
	"time"

	"example.com/leaks/judge"
)

type store struct {
	mu    sync.Mutex
	items map[string]int
}

func (s *store) take(key string) int {
	s.mu.Lock()
	n, ok := s.items[key]
	if !ok {
		return 0
	}
	delete(s.items, key)
	s.mu.Unlock()
	return n
}

func main() {
	for range 2 {
		s := &store{items: map[string]int{"a": 1}}
		s.take("b")
		go s.take("a")
		time.Sleep(time.Millisecond)
	}
	judge.Report()
}

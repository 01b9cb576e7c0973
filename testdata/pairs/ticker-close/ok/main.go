// Command ok closes a sampler whose ticker loop heeds it.
package main

import (
	"sync"
	"time"

	"example.com/leaks/judge"
)

type sampler struct {
	mu   sync.Mutex
	n    int
	done chan struct{}
}

func open() *sampler {
	s := &sampler{done: make(chan struct{})}
	go s.loop()
	return s
}

func (s *sampler) loop() {
	t := time.NewTicker(2 * time.Millisecond)
	defer t.Stop()
	for {
		select {
		case <-t.C:
			s.sample()
		case <-s.done:
			return
		}
	}
}

func (s *sampler) sample() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.n++
}

// Close ends the sampling.
func (s *sampler) Close() {
	close(s.done)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.n = 0
}

func main() {
	for range 2 {
		s := open()
		s.sample()
		s.Close()
	}
	judge.Report()
}

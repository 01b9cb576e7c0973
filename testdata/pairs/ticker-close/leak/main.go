// Command leak closes a sampler whose ticker loop goes on.
package main

import (
	"sync"
	"time"

	"example.com/leaks/judge"
)

type sampler struct {
	mu sync.Mutex
	n  int
}

func open() *sampler {
	s := &sampler{}
	go s.loop()
	return s
}

func (s *sampler) loop() {
	t := time.NewTicker(2 * time.Millisecond)
	defer t.Stop()
	for {
		<-t.C
		s.sample()
	}
}

func (s *sampler) sample() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.n++
}

// Close ends the sampling.
func (s *sampler) Close() {
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

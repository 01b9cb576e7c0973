// Package kubernetes62464 is a fixed form: a reader that calls other readers
// does not hold the read lock.
package kubernetes62464

import (
	"math/rand"
	"sync"
)

type stateMemory struct {
	sync.RWMutex
	set int
}

func (s *stateMemory) cpuSetOrDefault() int {
	if set, ok := s.cpuSet(); ok {
		return set
	}
	return s.defaultCPUSet()
}

func (s *stateMemory) cpuSet() (int, bool) {
	s.RLock()
	defer s.RUnlock()
	return s.set, rand.Intn(2) == 0
}

func (s *stateMemory) defaultCPUSet() int {
	s.RLock()
	defer s.RUnlock()
	return s.set
}

func (s *stateMemory) setDefault(set int) {
	s.Lock()
	defer s.Unlock()
	s.set = set
}

func removeContainer(s *stateMemory) { s.setDefault(s.defaultCPUSet() + 1) }

// Run reads and writes the state side by side.
func Run() {
	s := &stateMemory{}
	go s.cpuSetOrDefault()
	go removeContainer(s)
}

// Package syncthing4829 is a fixed form: the subscribers are notified after
// the lock was released.
package syncthing4829

import "sync"

type mapping struct {
	mut       sync.RWMutex
	addresses map[string]int
	notified  int
}

func (m *mapping) clear() {
	m.mut.Lock()
	var removed []int
	for id, addr := range m.addresses {
		removed = append(removed, addr)
		delete(m.addresses, id)
	}
	m.mut.Unlock()
	if len(removed) > 0 {
		m.notify(removed)
	}
}

func (m *mapping) notify(removed []int) {
	m.mut.RLock()
	defer m.mut.RUnlock()
	m.notified = len(removed)
}

type service struct {
	mut      sync.RWMutex
	mappings []*mapping
}

func (s *service) newMapping() *mapping {
	m := &mapping{addresses: map[string]int{"test": 0}}
	s.mut.Lock()
	defer s.mut.Unlock()
	s.mappings = append(s.mappings, m)
	return m
}

func (s *service) remove(m *mapping) {
	s.mut.Lock()
	defer s.mut.Unlock()
	for _, existing := range s.mappings {
		if existing == m {
			m.clear()
		}
	}
}

// Run adds a mapping and removes it.
func Run() {
	s := &service{}
	go s.remove(s.newMapping())
}

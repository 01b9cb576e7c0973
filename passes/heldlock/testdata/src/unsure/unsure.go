// Package unsure has what is not sure enough for the core.
package unsure

import "sync"

// Objects that are found on different ways need not be the same.

type shelf struct {
	mu    sync.Mutex
	books map[string]*book
}

type book struct{ mu sync.Mutex }

func newShelf() *shelf { s := &shelf{books: make(map[string]*book)}; go s.countBad(); return s }

func (s *shelf) countBad() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, b := range s.books {
		b.mu.Lock() // want `which others take in the opposite order`
		b.mu.Unlock()
	}
}

func (s *shelf) take(name string) *book {
	s.mu.Lock()
	defer s.mu.Unlock()
	b := s.books[name]
	delete(s.books, name)
	return b
}

func (s *shelf) lend(name string) {
	b := s.take(name)
	b.mu.Lock()
	defer b.mu.Unlock()
	s.mu.Lock()
	s.mu.Unlock()
}

package kept

import (
	"errors"
	"sync"
)

// The error of set is always nil, that of change is not.

type settings struct {
	mu sync.Mutex
	n  int
}

func (s *settings) set(n int) error {
	s.n = n
	return nil
}

func (s *settings) change(n int) error {
	if n < 0 {
		return errors.New("negative")
	}
	return s.set(n)
}

func (s *settings) SetOk(n int) error {
	s.mu.Lock()
	if err := s.set(n); err != nil {
		return err
	}
	s.mu.Unlock()
	return nil
}

func (s *settings) ChangeBad(n int) error {
	s.mu.Lock()
	if err := s.change(n); err != nil {
		return err // want "it returns here with s.mu still held"
	}
	s.mu.Unlock()
	return nil
}

// A deferred function may set it.
func (s *settings) named() (err error) {
	defer func() {
		if s.n == 0 {
			err = errors.New("nothing")
		}
	}()
	return nil
}

func (s *settings) NamedBad() error {
	s.mu.Lock()
	if err := s.named(); err != nil {
		return err // want "it returns here with s.mu still held"
	}
	s.mu.Unlock()
	return nil
}

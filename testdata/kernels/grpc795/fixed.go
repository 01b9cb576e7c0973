// Package grpc795 is a fixed form: a second stop releases the lock.
package grpc795

import "sync"

type server struct {
	mu     sync.Mutex
	drain  bool
	served int
}

func (s *server) gracefulStop() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.drain {
		return
	}
	s.drain = true
}

func (s *server) serve() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.served++
}

// Run stops a server three times.
func Run() {
	s := &server{}
	go s.serve()
	for i := 0; i < 3; i++ {
		s.gracefulStop()
	}
}

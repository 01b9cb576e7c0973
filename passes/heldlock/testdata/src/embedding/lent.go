package embedding

import "sync"

// The condition variable of the ring is made with the lock of who has the ring.

type ring struct {
	free *sync.Cond
	n    int
}

func newRing(mu *sync.Mutex) *ring { return &ring{free: sync.NewCond(mu)} }

func (r *ring) add() {
	for r.n > 3 {
		r.free.Wait()
	}
	r.n++
}

type server struct {
	mu   *sync.Mutex
	ring *ring
}

func newServer() *server {
	mu := &sync.Mutex{}
	s := &server{mu: mu, ring: newRing(mu)}
	go s.takeOk()
	return s
}

func (s *server) AddOk() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ring.add()
}

func (s *server) takeOk() {
	for range 10 {
		s.mu.Lock()
		s.ring.n--
		s.ring.free.Signal()
		s.mu.Unlock()
	}
}

// Command ignoredstop-server has a server type with a quit channel that Close
// closes. The worker's select has no case for it.
package main

import (
	"sync"
	"time"

	"example.com/leaks/judge"
)

type server struct {
	in   chan string
	quit chan struct{}
	once sync.Once

	mu   sync.Mutex
	seen map[string]int
}

func newServer() *server {
	s := &server{in: make(chan string), quit: make(chan struct{}), seen: map[string]int{}}
	go s.work()
	return s
}

func (s *server) work() {
	flush := time.NewTicker(50 * time.Millisecond)
	defer flush.Stop()
	for {
		select {
		case name := <-s.in:
			s.count(name)
		case <-flush.C:
			s.flush()
		}
	}
}

func (s *server) count(name string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.seen[name]++
}

func (s *server) flush() {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.seen)
}

// Submit hands name to the worker, unless the server is closed.
func (s *server) Submit(name string) bool {
	select {
	case s.in <- name:
		return true
	case <-s.quit:
		return false
	}
}

// Close stops the server.
func (s *server) Close() { s.once.Do(func() { close(s.quit) }) }

func main() {
	for range 3 {
		s := newServer()
		s.Submit("a")
		s.Close()
	}
	judge.Report()
}

// Command heldlock-recv waits under the lock for the end of a loop that takes
// the lock before it ends.
package main

import (
	"sync"
	"time"

	"example.com/leaks/judge"
)

type stream struct {
	mu     sync.Mutex
	stop   chan struct{}
	done   chan struct{}
	state  string
	closed bool
}

func open() *stream {
	s := &stream{stop: make(chan struct{}), done: make(chan struct{})}
	go s.loop()
	return s
}

func (s *stream) loop() {
	defer close(s.done)
	<-s.stop
	time.Sleep(5 * time.Millisecond)
	s.mu.Lock()
	s.state = "ended"
	s.mu.Unlock()
}

// Close stops the stream and waits for its loop.
func (s *stream) Close() {
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return
	}
	s.closed = true
	close(s.stop)
	<-s.done
	s.mu.Unlock()
}

func main() {
	for range 2 {
		s := open()
		go s.Close()
	}
	judge.Report()
}

package closed

import (
	"os"
	"sync"
)

// raise.go: a goroutine closes what is not closed yet.

func work() { os.Chdir("..") }

type stopper struct {
	quit chan bool
	mu   sync.Mutex
}

func NewStopper() *stopper {
	s := &stopper{quit: make(chan bool)}
	go func() { <-s.quit }() // WANT: close s.quit surely by +12 of -1; send s.quit never (nobody does)
	return s
}

func (s *stopper) Stop() {
	go func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		select {
		case <-s.quit:
			work()
		default:
			close(s.quit)
		}
	}()
}

type other struct{ quit, done chan bool }

func NewOther() *other {
	s := &other{quit: make(chan bool), done: make(chan bool)}
	go func() { <-s.quit }() // WANT: close s.quit only if (only on some paths) by +12 of -1; send s.quit never (nobody does)
	return s
}

func (s *other) Done() { close(s.done) }

func (s *other) Stop() {
	go func() {
		select {
		case <-s.done:
			work()
		default:
			close(s.quit)
		}
	}()
}

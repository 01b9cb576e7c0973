// Package etcd12f6b8e is after etcd 12f6b8e72d44: a server stops itself after a
// delay, and sleeps on when it was stopped before.
package etcd12f6b8e

import (
	"sync"
	"time"
)

type serverBad struct {
	done chan struct{}
	once sync.Once
}

// NewBad returns a server.
func NewBad() *serverBad { return &serverBad{done: make(chan struct{})} }

func (s *serverBad) stopWithDelay(d time.Duration) {
	time.Sleep(d)
	s.Stop()
}

// Remove stops the server soon.
func (s *serverBad) Remove(d time.Duration) { go s.stopWithDelay(d) }

// Stop ends the server.
func (s *serverBad) Stop() { s.once.Do(func() { close(s.done) }) }

type serverOk struct {
	done chan struct{}
	once sync.Once
}

// NewOk returns a server.
func NewOk() *serverOk { return &serverOk{done: make(chan struct{})} }

func (s *serverOk) stopWithDelay(d time.Duration) {
	select {
	case <-time.After(d):
	case <-s.done:
	}
	s.Stop()
}

// Remove stops the server soon.
func (s *serverOk) Remove(d time.Duration) { go s.stopWithDelay(d) }

// Stop ends the server.
func (s *serverOk) Stop() { s.once.Do(func() { close(s.done) }) }

// Command ok lets the helper say whether to go on.
package main

import (
	"sync/atomic"
	"time"

	"example.com/leaks/judge"
)

type mirror struct {
	rounds atomic.Int64
	closed chan struct{}
}

func newMirror() *mirror {
	m := &mirror{closed: make(chan struct{})}
	go m.sync()
	return m
}

func (m *mirror) sync() {
	for m.pause() {
		m.rounds.Add(1)
	}
}

func (m *mirror) pause() bool {
	select {
	case <-m.closed:
		return false
	case <-time.After(2 * time.Millisecond):
		return true
	}
}

// Close forgets the rounds.
func (m *mirror) Close() {
	m.rounds.Store(0)
	close(m.closed)
}

func main() {
	for range 2 {
		m := newMirror()
		time.Sleep(5 * time.Millisecond)
		m.Close()
	}
	judge.Report()
}

// Command leak sleeps in a helper of a loop that nothing ends.
package main

import (
	"sync/atomic"
	"time"

	"example.com/leaks/judge"
)

type mirror struct {
	rounds atomic.Int64
}

func newMirror() *mirror {
	m := new(mirror)
	go m.sync()
	return m
}

func (m *mirror) sync() {
	for {
		m.rounds.Add(1)
		m.pause()
	}
}

func (m *mirror) pause() {
	time.Sleep(2 * time.Millisecond)
}

// Close forgets the rounds.
func (m *mirror) Close() {
	m.rounds.Store(0)
}

func main() {
	for range 2 {
		m := newMirror()
		time.Sleep(5 * time.Millisecond)
		m.Close()
	}
	judge.Report()
}

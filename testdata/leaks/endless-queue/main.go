// Command endless-queue starts a mailbox per request. Close forgets the
// pending letters; deliver waits for the next one for ever.
package main

import (
	"sync"
	"time"

	"example.com/leaks/judge"
)

type mailbox struct {
	letters chan string

	mu   sync.Mutex
	read []string
}

func newMailbox() *mailbox {
	m := &mailbox{letters: make(chan string)}
	go m.deliver()
	return m
}

func (m *mailbox) deliver() {
	for {
		letter := <-m.letters
		m.mu.Lock()
		m.read = append(m.read, letter)
		m.mu.Unlock()
	}
}

// Close drops what was read.
func (m *mailbox) Close() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.read = nil
}

func main() {
	for _, text := range []string{"one", "two", "three"} {
		m := newMailbox()
		m.letters <- text
		time.Sleep(5 * time.Millisecond)
		m.Close()
	}
	judge.Report()
}

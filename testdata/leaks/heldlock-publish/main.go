// Command heldlock-publish sends to a subscriber while it holds the lock that
// the subscriber takes between two messages.
package main

import (
	"sync"
	"time"

	"example.com/leaks/judge"
)

type topic struct {
	messages chan string

	mu   sync.Mutex
	sent int
	read []string
}

func newTopic() *topic { return &topic{messages: make(chan string)} }

func (t *topic) publish(text string) {
	t.mu.Lock()
	t.sent++
	t.messages <- text
	t.mu.Unlock()
}

func (t *topic) subscribe(n int) {
	for range n {
		text := <-t.messages
		time.Sleep(2 * time.Millisecond)
		t.note(text)
	}
}

func (t *topic) note(text string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.read = append(t.read, text)
}

func (t *topic) publishAll(texts ...string) {
	for _, text := range texts {
		t.publish(text)
	}
}

func main() {
	for range 2 {
		t := newTopic()
		go t.subscribe(3)
		go t.publishAll("one", "two", "three")
	}
	judge.Report()
}

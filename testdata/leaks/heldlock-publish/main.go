// Command heldlock-publish sends to subscribers while it holds the lock that a
// subscriber needs to leave.
package main

import (
	"sync"
	"time"

	"example.com/leaks/judge"
)

type topic struct {
	mu   sync.Mutex
	subs map[chan string]bool
}

func (t *topic) join() chan string {
	ch := make(chan string)
	t.mu.Lock()
	defer t.mu.Unlock()
	t.subs[ch] = true
	return ch
}

func (t *topic) leave(ch chan string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.subs, ch)
	close(ch)
}

func (t *topic) publish(text string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for ch := range t.subs {
		ch <- text
	}
}

func (t *topic) readOne(ch chan string) {
	<-ch
	time.Sleep(5 * time.Millisecond)
	t.leave(ch)
}

func main() {
	for range 2 {
		t := &topic{subs: map[chan string]bool{}}
		ch := t.join()
		go t.readOne(ch)
		t.publish("one")
		go t.publish("two")
	}
	judge.Report()
}

package heldlock

import (
	"io"
	"sync"
)

// A lookupObject asks its goroutine with the lock held. What the goroutine closes
// between two answers is whatever it got, and not the object.
type lookupObject struct {
	mu   sync.Mutex
	asks chan<- int
	got  <-chan []byte
	done bool
}

func lookupOk(open func(int) (io.ReadCloser, error)) *lookupObject {
	asks, got := make(chan int), make(chan []byte)
	go func() {
		defer close(got)
		var body io.ReadCloser
		for n := range asks {
			if body != nil {
				body.Close()
			}
			var err error
			if body, err = open(n); err != nil {
				got <- nil
				continue
			}
			text := make([]byte, 10)
			body.Read(text)
			got <- text
		}
	}()
	return &lookupObject{asks: asks, got: got}
}

// An object may be what another one reads.
func nestedOk() io.ReadCloser {
	return lookupOk(func(int) (io.ReadCloser, error) { return lookupOk(nil), nil })
}

func (o *lookupObject) Read(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.asks <- len(p)
	return copy(p, <-o.got), nil
}

func (o *lookupObject) Close() error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if !o.done {
		o.done = true
		close(o.asks)
	}
	return nil
}

// The goroutine itself looks into the object between two answers.
type peekedObject struct {
	mu   sync.Mutex
	asks chan int
	got  chan int
	n    int
}

func newPeeked() *peekedObject {
	o := &peekedObject{asks: make(chan int), got: make(chan int)}
	go func() {
		defer close(o.got)
		for n := range o.asks {
			o.got <- n + o.size()
		}
	}()
	return o
}

func (o *peekedObject) size() int {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.n
}

func (o *peekedObject) AskBad(n int) int {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.asks <- n // want "o.mu"
	return <-o.got // want "o.mu"
}

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
	o.asks <- n    // want "o.mu"
	return <-o.got // want "o.mu"
}

// Each holds its own lock while it waits for its branches.
type branch struct {
	mu   sync.Mutex
	kids []*branch
	n    int
}

func (b *branch) visitOk() {
	b.mu.Lock()
	defer b.mu.Unlock()
	done := make(chan struct{})
	for _, k := range b.kids {
		go func() { k.visitOk(); done <- struct{}{} }()
	}
	for range b.kids {
		<-done
	}
	b.n++
}

func (b *branch) againBad(n int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	done := make(chan struct{})
	go func() {
		if n > 0 {
			b.againBad(n - 1)
		}
		b.size()
		done <- struct{}{}
	}()
	<-done // want "b.mu"
}

func (b *branch) size() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.n
}

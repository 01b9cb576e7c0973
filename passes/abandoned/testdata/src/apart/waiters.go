package apart

import (
	"sync"
	"time"
)

type claim struct {
	id    string
	given bool
}

// Claims has a channel for each who waits for his answer.
type Claims struct {
	mu   sync.RWMutex
	of   map[string]chan *claim
	come <-chan *claim
	asks chan string
	end  chan struct{}
}

func NewClaims(come <-chan *claim) *Claims {
	c := &Claims{of: make(map[string]chan *claim), come: come, asks: make(chan string), end: make(chan struct{})}
	go c.hand()
	return c
}

func (c *Claims) Close() { close(c.end) }

func (c *Claims) hand() {
	for {
		select {
		case <-c.end:
			return
		case id := <-c.asks:
			go func() { c.awaitOk(id, time.Second) }()
		case x := <-c.come:
			c.mu.RLock()
			ch, ok := c.of[x.id]
			c.mu.RUnlock()
			if ok {
				ch <- x
			}
		}
	}
}

func (c *Claims) awaitOk(id string, d time.Duration) bool {
	ch := make(chan *claim, 1)
	c.mu.Lock()
	c.of[id] = ch
	c.mu.Unlock()
	defer func() {
		c.mu.Lock()
		delete(c.of, id)
		c.mu.Unlock()
	}()
	timeout := time.NewTimer(d)
	defer timeout.Stop()
	select {
	case x := <-ch:
		return x.given
	case <-timeout.C:
		return false
	}
}

// Tight has no room for the answer.
type Tight struct {
	mu   sync.RWMutex
	of   map[string]chan *claim
	come <-chan *claim
	asks chan string
	end  chan struct{}
}

func NewTight(come <-chan *claim) *Tight {
	c := &Tight{of: make(map[string]chan *claim), come: come, asks: make(chan string), end: make(chan struct{})}
	go c.handBad()
	return c
}

func (c *Tight) Close() { close(c.end) }

func (c *Tight) handBad() {
	for {
		select {
		case <-c.end:
			return
		case id := <-c.asks:
			go func() { c.await(id, time.Second) }()
		case x := <-c.come:
			c.mu.RLock()
			ch, ok := c.of[x.id]
			c.mu.RUnlock()
			if ok {
				ch <- x // want "the receiver of ch can leave first"
			}
		}
	}
}

func (c *Tight) await(id string, d time.Duration) bool {
	ch := make(chan *claim)
	c.mu.Lock()
	c.of[id] = ch
	c.mu.Unlock()
	timeout := time.NewTimer(d)
	defer timeout.Stop()
	select {
	case x := <-ch:
		return x.given
	case <-timeout.C:
		return false
	}
}

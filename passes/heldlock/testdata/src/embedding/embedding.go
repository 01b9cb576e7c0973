// Package embedding has condition variables whose lock an object embeds.
package embedding

import "sync"

// The lock of the condition variable is one that the object embeds.
type shelf struct {
	sync.Mutex
	cond *sync.Cond
	n    int
}

func newShelf() *shelf {
	s := &shelf{}
	s.cond = sync.NewCond(s)
	return s
}

func (s *shelf) TakeOk() {
	s.Lock()
	defer s.Unlock()
	for s.n == 0 {
		s.cond.Wait()
	}
	s.n--
}

func (s *shelf) PutOk() {
	s.Lock()
	defer s.Unlock()
	s.n++
	s.cond.Signal()
}

// It is that of another object, which embeds it in a second one.
type room struct{ guarded }

type guarded struct {
	sync.Mutex
	n int
}

type seat struct {
	r    *room
	cond *sync.Cond
}

func newSeat(r *room) *seat { return &seat{r: r, cond: sync.NewCond(r)} }

func (s *seat) TakeOk() {
	s.r.Lock()
	defer s.r.Unlock()
	for s.r.n == 0 {
		s.cond.Wait()
	}
}

func (s *seat) PutOk() {
	s.r.Lock()
	defer s.r.Unlock()
	s.r.n++
	s.cond.Signal()
}

// The object embeds a lock, but the condition variable has another one.
type chest struct {
	sync.Mutex
	mu   sync.Mutex
	cond *sync.Cond
	n    int
}

func newChest() *chest {
	c := &chest{}
	c.cond = sync.NewCond(&c.mu)
	return c
}

func (c *chest) TakeBad() {
	c.Lock()
	defer c.Unlock()
	c.mu.Lock()
	defer c.mu.Unlock()
	for c.n == 0 {
		c.cond.Wait() // want "while it holds c"
	}
	c.n--
}

func (c *chest) PutOk() {
	c.Lock()
	defer c.Unlock()
	c.mu.Lock()
	defer c.mu.Unlock()
	c.n++
	c.cond.Signal()
}

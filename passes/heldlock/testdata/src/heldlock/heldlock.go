package heldlock

import "sync"

// Two goroutines take two locks in opposite orders.

type store struct {
	mu       sync.Mutex
	replicas []*replica
}

type replica struct {
	mu    sync.Mutex
	store *store
}

func (s *store) flush() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, r := range s.replicas {
		r.reportBad()
	}
}

func (r *replica) reportBad() {
	r.mu.Lock() // want `which others take in the opposite order`
	defer r.mu.Unlock()
}

func (r *replica) tick() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.store.mu.Lock()
	r.store.mu.Unlock()
}

func (s *store) Start() {
	go s.flush()
	for _, r := range s.replicas {
		go r.tick()
	}
}

// The same order everywhere.

type cache struct{ mu, index sync.Mutex }

func (c *cache) writeOk() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.index.Lock()
	defer c.index.Unlock()
}

func (c *cache) sweepOk() {
	c.index.Lock()
	c.index.Unlock()
	c.mu.Lock()
	c.mu.Unlock()
}

func (c *cache) Start() {
	go c.writeOk()
	go c.sweepOk()
}

// Two orders, but a third lock lets in one at a time.

type guarded struct{ gate, a, b sync.Mutex }

func (g *guarded) forthOk() {
	g.gate.Lock()
	defer g.gate.Unlock()
	g.a.Lock()
	defer g.a.Unlock()
	g.b.Lock()
	defer g.b.Unlock()
}

func (g *guarded) backOk() {
	g.gate.Lock()
	defer g.gate.Unlock()
	g.b.Lock()
	defer g.b.Unlock()
	g.a.Lock()
	defer g.a.Unlock()
}

func (g *guarded) Start() {
	go g.forthOk()
	go g.backOk()
}

// Two orders, one after the other in one goroutine.

type alone struct{ a, b sync.Mutex }

func (x *alone) forth() {
	x.a.Lock()
	defer x.a.Unlock()
	x.b.Lock()
	defer x.b.Unlock()
}

func (x *alone) back() {
	x.b.Lock()
	defer x.b.Unlock()
	x.a.Lock()
	defer x.a.Unlock()
}

func (x *alone) StartOk() {
	go func() {
		x.forth()
		x.back()
	}()
}

// Both for reading.

type shared struct{ a, b sync.RWMutex }

func (s *shared) forthOk() {
	s.a.RLock()
	defer s.a.RUnlock()
	s.b.RLock()
	defer s.b.RUnlock()
}

func (s *shared) backOk() {
	s.b.RLock()
	defer s.b.RUnlock()
	s.a.RLock()
	defer s.a.RUnlock()
}

func (s *shared) Start() {
	go s.forthOk()
	go s.backOk()
}

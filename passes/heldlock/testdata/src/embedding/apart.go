package embedding

import "sync"

// A common is part of both a store and its parts; each has a lock of its own.
type common struct {
	sync.Mutex
	closed bool
}

type store struct {
	common
	parts []*part
}

type part struct {
	common
	wg sync.WaitGroup
	n  int
}

func newPart() *part {
	p := &part{}
	p.wg.Add(1)
	go p.flush()
	return p
}

func (p *part) flush() {
	defer p.wg.Done()
	p.Lock()
	p.n++
	p.Unlock()
}

// closeOk waits with the lock of the store for those who take the locks of the parts.
func (s *store) closeOk() {
	s.Lock()
	defer s.Unlock()
	for _, p := range s.parts {
		p.wg.Wait()
	}
}

// closeBad waits with the lock of the part.
func (p *part) closeBad() {
	p.Lock()
	defer p.Unlock()
	p.wg.Wait() // want "a goroutine that it waits for takes that lock first"
}

// A keeper wakes its worker only where there is no such message yet.
type keeper struct {
	mu   sync.Mutex
	wake chan bool
	n    int
}

func newKeeper() *keeper {
	k := &keeper{wake: make(chan bool, 1)}
	go func() {
		for range k.wake {
			k.mu.Lock()
			k.n--
			k.mu.Unlock()
		}
	}()
	return k
}

func (k *keeper) addOk() {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.n++
	if len(k.wake) == 0 {
		k.wake <- true
	}
}

type rash struct {
	mu   sync.Mutex
	wake chan bool
	n    int
}

func newRash() *rash {
	r := &rash{wake: make(chan bool, 1)}
	go func() {
		for range r.wake {
			r.mu.Lock()
			r.n--
			r.mu.Unlock()
		}
	}()
	return r
}

func (r *rash) addBad(n int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for range n {
		r.n++
		r.wake <- true // want "what receives from r.wake takes that lock first"
	}
}

// A group closes what its helper reads, and then waits for the helper.
type group struct {
	mu  sync.Mutex
	all []func()
}

func (g *group) closeOk() {
	work := make(chan func())
	done := make(chan struct{})
	go func() {
		defer close(done)
		for f := range work {
			f()
		}
	}()
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, f := range g.all {
		work <- f
	}
	close(work)
	<-done
}

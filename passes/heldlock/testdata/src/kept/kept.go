// Package kept holds locks that a way out keeps, and functions that run once and
// wait for themselves.
package kept

import (
	"sync"
	"time"
)

type account struct {
	mu sync.Mutex
	n  int
}

func newAccount(in []int) *account {
	a := &account{}
	go a.addBad(in)
	go a.addOk(in)
	go a.flagOk(in)
	return a
}

func (a *account) addBad(in []int) {
	for _, n := range in {
		a.mu.Lock() // want "goroutine waits for itself: a round of the loop can end with a.mu held"
		if n < 0 {
			continue
		}
		a.n += n
		a.mu.Unlock()
	}
}

func literalBad(a *account, in chan int) {
	go func() {
		for n := range in {
			a.mu.Lock() // want "goroutine waits for itself: a round of the loop can end with a.mu held"
			if n > 0 {
				a.n += n
				a.mu.Unlock()
			}
		}
	}()
}

func groupBad(in chan int) {
	var wg sync.WaitGroup
	var mu sync.Mutex
	total := 0
	wg.Go(func() {
		for n := range in {
			mu.Lock() // want "goroutine waits for itself: a round of the loop can end with mu held"
			switch {
			case n == 0:
				continue
			default:
				total += n
			}
			mu.Unlock()
		}
	})
	wg.Wait()
}

func (a *account) addOk(in []int) {
	for _, n := range in {
		a.mu.Lock()
		if n < 0 {
			a.mu.Unlock()
			continue
		}
		a.n += n
		a.mu.Unlock()
	}
}

// What one round leaves held, the next gives back.
func (a *account) flagOk(in []int) {
	held := false
	for _, n := range in {
		if held {
			a.mu.Unlock()
			held = false
		}
		a.mu.Lock()
		if n < 0 {
			held = true
			continue
		}
		a.n += n
		a.mu.Unlock()
	}
	if held {
		a.mu.Unlock()
	}
}

// A lock for each element: all are taken, then all given back.
func allOk(as []*account) {
	for _, a := range as {
		a.mu.Lock()
	}
	for _, a := range as {
		a.mu.Unlock()
	}
}

// ---- never given back

type gauge struct {
	mu sync.Mutex
	n  int
}

func newGauge() *gauge {
	g := &gauge{}
	go g.setBad(1)
	go g.getOk()
	return g
}

func (g *gauge) setBad(n int) {
	g.mu.Lock()
	g.n = n
} // want "it returns here with g.mu still held"

func (g *gauge) getOk() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.n
}

// The caller gives it back.
type book struct {
	mu sync.Mutex
	n  int
}

func newBook() *book { b := &book{}; go b.writeOk(); go b.begin(); return b }

func (b *book) begin() { b.mu.Lock() }

func (b *book) writeOk() {
	b.begin()
	b.n++
	b.mu.Unlock()
}

// Its method is handed out.
type till struct {
	mu sync.Mutex
	n  int
}

func newTill() *till { t := &till{}; go t.readOk(); return t }

func (t *till) enterOk() func() {
	t.mu.Lock()
	return t.mu.Unlock
}

func (t *till) readOk() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.n
}

// ---- a deferred Lock

func (g *gauge) swapBad(n int) int {
	g.mu.Lock()
	defer g.mu.Lock() // want "waits for itself: the deferred call takes g.mu, which is still held"
	old := g.n
	g.n = n
	return old
}

type meter struct {
	mu sync.Mutex
	n  int
}

// The lock is given up for the time of the call.
func (g *meter) outsideOk(f func()) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.without(f)
}

func (g *meter) without(f func()) {
	g.mu.Unlock()
	defer g.mu.Lock()
	f()
}

func useGauge(g *gauge, m *meter) { g.swapBad(1); m.outsideOk(func() {}) }

// ---- Once within itself

type once struct{ o sync.Once }

func (o *once) CloseBad() { o.o.Do(func() { o.stop() }) } // want "waits for itself: o.o runs its function already"
func (o *once) stop()     { o.CloseBad() }

type server struct {
	once   sync.Once
	closed bool
	quit   chan struct{}
}

func (s *server) Close() error {
	s.once.Do(s.shutdown)
	return nil
}

func (s *server) shutdown() {
	close(s.quit)
	s.failBad()
}

func (s *server) failBad() {
	s.closed = true
	s.once.Do(func() {}) // want "waits for itself: s.once runs its function already"
}

// Another object of the type.
type node struct {
	once sync.Once
	next *node
}

func (n *node) CloseOk() {
	n.once.Do(func() {
		n.next.CloseOk()
	})
}

// It looks whether it runs.
type door struct {
	once   sync.Once
	closed bool
}

func (d *door) CloseOk() {
	d.once.Do(func() {
		d.closed = true
		d.leave()
	})
}

func (d *door) leave() {
	if !d.closed {
		d.CloseOk()
	}
}

// What another goroutine does waits, and this one goes on.
type lamp struct{ once sync.Once }

func (l *lamp) OffOk() {
	l.once.Do(func() {
		go l.OffOk()
	})
}

func onceFuncBad() func() {
	var stop func()
	stop = sync.OnceFunc(func() {
		stop() // want "waits for itself: the once-only function runs already"
	})
	return stop
}

type pump struct{ stop func() }

func newPump() *pump {
	p := &pump{}
	p.stop = sync.OnceFunc(p.haltBad)
	return p
}

func (p *pump) haltBad() {
	p.stop() // want "waits for itself: the once-only function runs already"
}

func onceFuncOk(other func()) func() {
	return sync.OnceFunc(func() { other() })
}

// ---- somebody else gives it back

// What is made from the lock gives it back.
type gate struct {
	lock sync.Mutex
	n    int
}

func newGate() *gate { s := &gate{}; go s.acceptOk(1); return s }

func unlockOnce(l sync.Locker) func() {
	var once sync.Once
	return func() { once.Do(l.Unlock) }
}

func (s *gate) acceptOk(n int) func() {
	s.lock.Lock()
	if s.n > n {
		s.lock.Unlock()
		return nil
	}
	unlock := unlockOnce(&s.lock)
	return unlock
}

// A function is given its address.
type depot struct {
	mu sync.Mutex
	n  int
}

func newDepot() *depot { d := &depot{}; go d.fillOk(1); return d }

func (d *depot) fillOk(n int) (func(), bool) {
	d.mu.Lock()
	if d.n > n {
		d.mu.Unlock()
		return nil, false
	}
	return later(&d.mu), true
}

func later(mu *sync.Mutex) func() {
	return func() { mu.Unlock() }
}

// Its method goes into a field.
type lease struct{ release func() }

type pool struct {
	mu sync.Mutex
	n  int
}

func newPool() *pool { p := &pool{}; var l lease; go p.leaseOk(1); go p.renewOk(&l, 1); return p }

func (p *pool) leaseOk(n int) *lease {
	p.mu.Lock()
	if p.n > n {
		p.mu.Unlock()
		return nil
	}
	return &lease{release: p.mu.Unlock}
}

func (p *pool) renewOk(l *lease, n int) bool {
	p.mu.Lock()
	if p.n > n {
		p.mu.Unlock()
		return false
	}
	l.release = p.mu.Unlock
	return true
}

// A condition variable has it, and a method value is called at once.
type shelf struct {
	mu   sync.Mutex
	cond *sync.Cond
	n    int
}

func newShelf() *shelf {
	s := &shelf{}
	s.cond = sync.NewCond(&s.mu)
	go s.putBad(1)
	go s.takeBad(1)
	return s
}

func (s *shelf) putBad(n int) bool {
	s.mu.Lock()
	if s.n > n {
		return false // want "it returns here with s.mu still held"
	}
	s.n = n
	s.cond.Signal()
	s.mu.Unlock()
	return true
}

func (s *shelf) takeBad(n int) bool {
	s.mu.Lock()
	unlock := s.mu.Unlock
	if s.n > n {
		return false // want "it returns here with s.mu still held"
	}
	s.n = n
	unlock()
	return true
}

// All that there is of a type has a case.

type way int

const (
	fromMemory way = iota
	fromDisk
)

type drawer struct {
	mu sync.Mutex
	n  int
}

func (d *drawer) Set(n int) {
	d.mu.Lock()
	d.n = n
	d.mu.Unlock()
}

func (d *drawer) ReadOk(w way) int {
	d.mu.Lock()
	switch w {
	case fromMemory:
		n := d.n
		d.mu.Unlock()
		return n
	case fromDisk:
		d.mu.Unlock()
		return 1
	default:
	}
	return 0
}

func (d *drawer) ReadBad(w int) int {
	d.mu.Lock()
	switch w {
	case 1:
		n := d.n
		d.mu.Unlock()
		return n
	case 2:
		d.mu.Unlock()
		return 1
	default:
	}
	return 0 // want `it returns here with d.mu still held`
}

// A condition variable gives its lock back while somebody waits for it.

type hatch struct {
	mu   sync.Mutex
	cond *sync.Cond
	open bool
}

func newHatch() *hatch {
	g := &hatch{}
	g.cond = sync.NewCond(&g.mu)
	return g
}

func within(c *sync.Cond, most time.Duration) bool {
	done := make(chan struct{})
	go func() {
		c.Wait()
		close(done)
	}()
	select {
	case <-done:
		return true
	case <-time.After(most):
		return false
	}
}

func (g *hatch) AwaitOk() bool {
	g.mu.Lock()
	for !g.open {
		if !within(g.cond, time.Second) {
			return false
		}
	}
	g.mu.Unlock()
	return true
}

func (g *hatch) Open() {
	g.mu.Lock()
	g.open = true
	g.mu.Unlock()
	g.cond.Broadcast()
}

// Package wake holds waits under a lock that need not be held.
package wake

import "sync"

type stream struct {
	mu     sync.Mutex
	stop   chan struct{}
	done   chan struct{}
	state  string
	closed bool
}

func open() *stream {
	s := &stream{stop: make(chan struct{}), done: make(chan struct{})}
	go s.loop()
	return s
}

func (s *stream) loop() {
	defer close(s.done)
	<-s.stop
	s.mu.Lock()
	s.state = "ended"
	s.mu.Unlock()
}

func (s *stream) closeBad() {
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return
	}
	s.closed = true
	close(s.stop)
	<-s.done // want `can wait for ever while it holds s.mu`
	s.mu.Unlock()
}

type group struct {
	mu   sync.Mutex
	wg   sync.WaitGroup
	done int
}

func (g *group) start() {
	g.wg.Add(1)
	go g.work()
}

func (g *group) work() {
	defer g.wg.Done()
	g.mu.Lock()
	g.done++
	g.mu.Unlock()
}

func (g *group) stopBad() {
	g.mu.Lock()
	defer g.mu.Unlock()
	// All of them.
	g.wg.Wait() // want `can wait for ever while it holds g.mu`
	g.done = 0
}

func (g *group) lastBad() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	n := g.done
	g.wg.Wait() // want `can wait for ever while it holds g.mu`
	return n
}

func use(g *group) {
	g.start()
	g.stopBad()
	g.lastBad()
	open().closeBad()
}

// What runs the literal needs the lock that the literal leaves held: an unlock in it
// would open that section.
type vault struct {
	mu     sync.Mutex
	open   int
	sealed bool
}

func (v *vault) with(f func()) {
	f()
	v.open--
}

func newVault() *vault {
	v := &vault{}
	go v.sealBad()
	go v.look()
	return v
}

func (v *vault) look() {
	v.mu.Lock()
	v.open++
	v.mu.Unlock()
}

func (v *vault) sealBad() {
	v.with(func() {
		v.mu.Lock()
		v.open++
		v.mu.Unlock()
		v.mu.Lock()
		v.sealed = true
	}) // want `returns here with v.mu still held`
}

// Here nothing goes on with the lock held: the literal is a goroutine.
func (v *vault) aloneBad(wg *sync.WaitGroup) {
	wg.Go(func() {
		v.mu.Lock()
		v.open++
		v.mu.Unlock()
		v.mu.Lock()
		v.sealed = true
	}) // want `returns here with v.mu still held`
}

// Nor here: another way out of the literal gives the lock back.
func (v *vault) someBad() {
	v.with(func() {
		v.mu.Lock()
		if v.sealed {
			return // want `returns here with v.mu still held`
		}
		v.open++
		v.mu.Unlock()
	})
}

func useVault(wg *sync.WaitGroup) {
	v := newVault()
	v.aloneBad(wg)
	go v.someBad()
}

// Package twice holds locks that are taken twice or not given back.
package twice

import (
	"errors"
	"sync"
)

type counter struct {
	mu   sync.Mutex
	n    int
	next *counter
}

func (c *counter) Add() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.getBad()
}

func (c *counter) getBad() int {
	c.mu.Lock() // want ".* waits for itself: it holds c.mu already"
	defer c.mu.Unlock()
	return c.n
}

func (c *counter) OtherOk() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.next.mu.Lock()
	c.n += c.next.n
	c.next.mu.Unlock()
}

func (c *counter) AgainOk() int {
	c.mu.Lock()
	c.n++
	c.mu.Unlock()
	return c.getBad()
}

// A flag says whether the lock is held already.
func (c *counter) read(locked bool) int {
	if !locked {
		c.mu.Lock()
		defer c.mu.Unlock()
	}
	return c.n
}

func (c *counter) FlagOk() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.read(true)
}

func (c *counter) Flag() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.writeBad(false)
}

func (c *counter) writeBad(locked bool) int {
	if !locked {
		c.mu.Lock() // want ".* waits for itself"
		defer c.mu.Unlock()
	}
	return c.n
}

// What runs in another goroutine does not hold the lock.
func (c *counter) SpawnOk() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.spawn(func() { c.getBad() })
}

func (c *counter) spawn(f func()) {
	go func() { f() }()
}

// What is handed out to be called later neither.
func (c *counter) LaterOk() func() {
	c.mu.Lock()
	defer c.mu.Unlock()
	return sync.OnceFunc(func() { c.getBad() })
}

type table struct {
	mu sync.RWMutex
	m  map[string]int
}

func (t *table) set(k string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.m[k]++
}

func (t *table) lookupBad(k string) int {
	t.mu.RLock() // want ".* for reading already, and a writer"
	defer t.mu.RUnlock()
	return t.m[k]
}

func (t *table) Both(a, b string) int {
	t.mu.RLock()
	defer t.mu.RUnlock()
	return t.lookupBad(a) + t.lookupBad(b)
}

func Use(t *table) { t.set("a") }

type file struct {
	mu     sync.Mutex
	closed bool
}

var errClosed = errors.New("closed")

func (f *file) WriteBad() error {
	f.mu.Lock()
	if f.closed {
		return errClosed // want "it returns here with f.mu still held"
	}
	f.mu.Unlock()
	return nil
}

func (f *file) WriteOk() error {
	f.mu.Lock()
	if f.closed {
		f.mu.Unlock()
		return errClosed
	}
	f.mu.Unlock()
	return nil
}

// The loop comes round with the lock held.
type job struct{ mu sync.Mutex }

func (f *job) RetryBad(try func() error) {
	for i := 0; i < 3; i++ {
		f.mu.Lock() // want ".* waits for itself: a round of the loop can end with f.mu held"
		if try() != nil {
			continue
		}
		break
	}
	f.mu.Unlock()
}

func (f *job) RetryOk(try func() error) {
	for i := 0; i < 3; i++ {
		f.mu.Lock()
		if try() != nil {
			f.mu.Unlock()
			continue
		}
		f.mu.Unlock()
	}
}

// A function that comes back with the lock, for a caller that gives it back.
type ledger struct {
	mu sync.Mutex
	n  int
}

func (l *ledger) begin() bool {
	l.mu.Lock()
	if l.n == 0 {
		l.mu.Unlock()
		return false
	}
	return true
}

func (l *ledger) DoOk() {
	if l.begin() {
		l.n--
		l.mu.Unlock()
	}
}

// A helper that gives the lock back for a while.
func (l *ledger) pause() {
	l.mu.Unlock()
	l.mu.Lock()
}

func (l *ledger) PauseOk() {
	l.mu.Lock()
	l.pause()
	l.mu.Unlock()
}

// A round that gives the lock back for a while and takes it again.
func (f *job) YieldOk(try func() error) {
	f.mu.Lock()
	for try() != nil {
		f.mu.Unlock()
		try()
		f.mu.Lock()
	}
	f.mu.Unlock()
}

// A lock as a signal: another goroutine gives it back.
func SignalOk(f func()) {
	var mu sync.Mutex
	mu.Lock()
	go func() {
		f()
		mu.Unlock()
	}()
	mu.Lock()
}

type server struct {
	mu    sync.Mutex
	drain bool
}

func (s *server) stopBad() {
	s.mu.Lock()
	if s.drain {
		s.mu.Lock() // want "it holds s.mu already"
		return
	}
	s.drain = true
	s.mu.Unlock()
}

type gossip struct {
	mu     sync.Mutex
	closed bool
}

func (g *gossip) runBad() {
	for {
		g.mu.Lock()
		if g.closed {
			break
		}
		g.mu.Unlock()
	}
} // want "it returns here with g.mu still held"

func useBoth(s *server, g *gossip) {
	s.stopBad()
	g.runBad()
}

// A lock of its own: no writer can come in between.

func ownOk(next func() bool) {
	var own struct {
		sync.RWMutex
		n int
	}
	for next() {
		own.RLock()
		own.RLock()
		own.RUnlock()
		own.RUnlock()
		own.Lock()
		own.Unlock()
	}
}

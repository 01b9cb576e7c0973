package twice

import (
	"sync"
	"time"
)

// A lock that somebody else gives back is not lost.

func goUnlockOk() {
	var mu sync.Mutex
	mu.Lock()
	go mu.Unlock()
	mu.Lock()
}

func afterUnlockOk() {
	var mu sync.Mutex
	mu.Lock()
	time.AfterFunc(time.Second, mu.Unlock)
	mu.Lock()
	mu.Unlock()
}

type gate struct {
	mu     sync.RWMutex
	closed bool
}

func (g *gate) enterOk() (leave func(), ok bool) {
	g.mu.RLock()
	if g.closed {
		g.mu.RUnlock()
		return nil, false
	}
	return g.mu.RUnlock, true
}

func (g *gate) variableOk(early func() bool) bool {
	g.mu.Lock()
	leave := g.mu.Unlock
	if early() {
		leave()
		return false
	}
	leave()
	return true
}

func (g *gate) deferredOk(early func() bool) bool {
	g.mu.Lock()
	leave := g.mu.Unlock
	defer leave()
	return early()
}

// The variable gives it back on one path only.
func (g *gate) variableBad(early func() bool) bool {
	g.mu.Lock()
	leave := g.mu.Unlock
	if early() {
		return false // want "it returns here with g.mu still held"
	}
	leave()
	return true
}

// The unlock that is handed over is that of another lock.
func (g *gate) otherBad(other *sync.Mutex) func() {
	g.mu.Lock()
	if g.closed {
		return other.Unlock // want "it returns here with g.mu still held"
	}
	g.mu.Unlock()
	return nil
}

func useGate(g *gate, early func() bool, other *sync.Mutex) {
	goUnlockOk()
	afterUnlockOk()
	g.enterOk()
	g.variableOk(early)
	g.deferredOk(early)
	g.variableBad(early)
	g.otherBad(other)
}

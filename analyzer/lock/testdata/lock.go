package p

import (
	"context"
	"sync"
)

type box struct {
	mu   sync.Mutex
	rw   sync.RWMutex
	cond *sync.Cond
	ch   chan int
	n    int
}

func newBox() *box {
	b := &box{ch: make(chan int)}
	b.cond = sync.NewCond(&b.mu)
	return b
}

func (b *box) plain() { // WANT: touches box.mu
	b.ch <- 1 // WANT: waits
	b.mu.Lock()
	b.ch <- 1 // WANT: waits with box.mu
	b.mu.Unlock()
	b.ch <- 1 // WANT: waits
}

func (b *box) deferred() { // WANT: touches box.mu
	b.mu.Lock()
	defer b.mu.Unlock()
	b.ch <- 1  // WANT: waits with box.mu
	b.helper() // WANT: calls with box.mu
}

func (b *box) helper() { b.ch <- 1 } // WANT: waits

func (b *box) read() { // WANT: touches box.rw
	b.rw.RLock()
	<-b.ch // WANT: waits with box.rw to read
	b.rw.RUnlock()
	<-b.ch // WANT: waits
}

// Held on one of two paths is not held for certain.
func (b *box) oneBranch(c bool) { // WANT: touches box.mu
	if c {
		b.mu.Lock()
	}
	b.ch <- 1 // WANT: waits
	if c {
		b.mu.Unlock()
	}
}

func (b *box) bothBranches(c bool) { // WANT: touches box.mu
	if c {
		b.mu.Lock()
		b.n++
	} else {
		b.mu.Lock()
	}
	b.ch <- 1 // WANT: waits with box.mu
	b.mu.Unlock()
}

// A wait for a condition gives its lock back.
func (b *box) wait() { // WANT: touches box.mu
	b.mu.Lock()
	defer b.mu.Unlock()
	for b.n == 0 {
		b.cond.Wait() // WANT: waits with box.mu
	}
}

func (b *box) lock() { b.mu.Lock() } // WANT: touches box.mu

func (b *box) unlock() { b.mu.Unlock() } // WANT: touches box.mu

// FN_byHelpers: a lock that a helper takes is not held here.
func (b *box) FN_byHelpers() { // WANT: touches box.mu
	b.lock()   // WANT: calls
	b.ch <- 1  // WANT: waits
	b.unlock() // WANT: calls
	b.ch <- 1  // WANT: waits
}

func two(a, b *box) { // WANT: touches box.mu; touches box.rw
	a.mu.Lock()
	b.rw.Lock()
	a.ch <- 1 // WANT: waits with box.mu, box.rw
	b.rw.Unlock()
	a.mu.Unlock()
}

// FN_try: a lock that is tried is not held for certain, but it is in the branch.
func FN_try(b *box) { // WANT: touches box.mu
	if b.mu.TryLock() {
		b.ch <- 1 // WANT: waits
		b.mu.Unlock()
	}
	b.ch <- 1 // WANT: waits
}

func local() { // WANT: touches mu
	var mu sync.Mutex
	ch := make(chan int)
	mu.Lock()
	ch <- 1 // WANT: waits with mu
	mu.Unlock()
}

func group(b *box, wg *sync.WaitGroup) { // WANT: touches box.mu
	b.mu.Lock()
	wg.Wait() // WANT: waits with box.mu
	b.mu.Unlock()
}

func inLoop(b *box) { // WANT: touches box.mu
	for range 3 {
		b.mu.Lock()
		<-b.ch // WANT: waits with box.mu
		b.mu.Unlock()
	}
}

// The lock behind an interface is that interface.
func locker(l sync.Locker, b *box) { // WANT: touches l
	l.Lock()
	b.ch <- 1 // WANT: waits with l
	l.Unlock()
}

// It gives the lock back on one of its ways alone.
func (b *box) leavesHeld(ctx context.Context, in chan int) { // WANT: touches box.mu
	for {
		b.mu.Lock()
		select { // WANT: waits with box.mu
		case <-ctx.Done():
			return // WANT: leaves with b.mu held
		case b.n = <-in:
		}
		b.mu.Unlock()
	}
}

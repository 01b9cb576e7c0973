package group

import "sync"

func work() {}

// As many are taken away as are added.
func even() {
	var wg sync.WaitGroup
	wg.Add(2)   // WANT: adds 2 with 1 in all
	go func() { // WANT: starts one
		defer wg.Done() // WANT: takes away with 2 in all
		work()
	}()
	go func() { // WANT: starts one
		defer wg.Done() // WANT: takes away with 2 in all
		work()
	}()
	wg.Wait() // WANT: waits with 1 in all
}

func tooMuch() {
	var wg sync.WaitGroup
	wg.Add(2)   // WANT: adds 2 with 1 in all
	go func() { // WANT: starts one
		defer wg.Done() // WANT: takes away with 1 in all
		work()
	}()
	wg.Wait() // WANT: waits with 1 in all; 1 too much always
}

func skips(b bool) {
	var wg sync.WaitGroup
	wg.Add(1) // WANT: adds 1 with 1 in all
	if b {
		go func() { // WANT: starts one
			defer wg.Done() // WANT: takes away with 1 in all
			work()
		}()
	}
	wg.Wait() // WANT: waits with 1 in all; 1 too much on one way
}

// In each round one is added, and one taken away.
func rounds(list []int) {
	var wg sync.WaitGroup
	for range list {
		wg.Add(1)   // WANT: adds 1 with 1 in all
		go func() { // WANT: starts one
			defer wg.Done() // WANT: takes away with 1 in all
			work()
		}()
	}
	wg.Wait() // WANT: waits with 1 in all
}

func skipsRound(list []int) {
	var wg sync.WaitGroup
	for _, n := range list {
		wg.Add(1) // WANT: adds 1 with 1 in all
		if n == 0 {
			continue
		}
		go func() { // WANT: starts one
			defer wg.Done() // WANT: takes away with 1 in all
			work()
		}()
	}
	wg.Wait() // WANT: waits with 1 in all; 1 too much on one way
}

// The library takes away what it has added.
func byLibrary() {
	var wg sync.WaitGroup
	wg.Go(work) // WANT: takes away at the end of what it starts with 1 in all; starts one
	wg.Wait()   // WANT: waits with 1 in all
}

// How much is added is not known.
func asMany(n int) {
	var wg sync.WaitGroup
	wg.Add(n) // WANT: takes away with 1 in all; adds with 1 in all
	wg.Wait() // WANT: waits with 1 in all
}

func itself() {
	var wg sync.WaitGroup
	wg.Add(1)   // WANT: adds 1 with 1 in all
	go func() { // WANT: starts one
		defer wg.Done() // WANT: takes away with 1 in all
		wg.Wait()       // WANT: waits with 1 in all; waits for itself
	}()
}

// Code that is not followed may do anything with it.
func handed(f func(*sync.WaitGroup)) {
	var wg sync.WaitGroup
	wg.Add(1) // WANT: adds 1
	f(&wg)
	wg.Wait() // WANT: waits
}

type queue struct {
	mu    sync.Mutex
	state sync.RWMutex
	more  *sync.Cond
	items []int
}

func (q *queue) put(n int) {
	q.mu.Lock() // WANT: locks with 2 in all
	q.items = append(q.items, n)
	q.mu.Unlock()   // WANT: unlocks with 2 in all
	q.more.Signal() // WANT: wakes with 1 in all
}

func (q *queue) take() int {
	q.mu.Lock()         // WANT: locks with 2 in all
	defer q.mu.Unlock() // WANT: unlocks with 2 in all
	for len(q.items) == 0 {
		q.more.Wait() // WANT: waits with 1 in all
	}
	n := q.items[0]
	q.items = q.items[1:]
	return n
}

func (q *queue) len() int {
	q.state.RLock()         // WANT: locks for reading with 1 in all
	defer q.state.RUnlock() // WANT: unlocks for reading with 1 in all
	return len(q.items)
}

// A function that does no more with what it is given than to take it, or to wait.
func locked(mu *sync.Mutex, f func()) { // WANT: only takes [0]
	mu.Lock()         // WANT: locks
	defer mu.Unlock() // WANT: unlocks
	f()
}

func end(wg *sync.WaitGroup, done chan struct{}) { // WANT: only takes [0]
	wg.Wait() // WANT: waits
	close(done)
}

func unlocked(mu *sync.Mutex, f func()) {
	mu.Unlock() // WANT: unlocks
	f()
	mu.Lock() // WANT: locks
}

// A function of the package that starts what it is given once, and one that may not.
func once(f func()) { go f() } // WANT: starts one

func maybe(b bool, f func()) {
	if b {
		go f() // WANT: starts one
	}
}

func starts(b bool) {
	once(work) // WANT: starts one
	maybe(b, work)
}

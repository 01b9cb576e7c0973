package p

import "sync"

type box struct {
	mu    sync.Mutex
	other sync.Mutex
	rw    sync.RWMutex
	once  sync.Once
	cond  *sync.Cond
	n     int
}

// What receives needs the lock that the sender holds.
func sends(b *box) {
	ch := make(chan int)
	go func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		<-ch // WANT: waits with b.mu for a raise with it
	}()
	b.mu.Lock()
	ch <- 1 // WANT: waits with b.mu for a receiver with it
	b.mu.Unlock()
}

// What receives gets there without the lock.
func sendsFreely(b *box) {
	ch := make(chan int)
	go func() {
		<-ch
		b.mu.Lock()
		b.n++
		b.mu.Unlock()
	}()
	b.mu.Lock()
	ch <- 1
	b.mu.Unlock()
}

// The goroutine that it waits for takes the lock before it is done.
func joins(b *box) {
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		defer wg.Done()
		b.mu.Lock()
		b.n++
		b.mu.Unlock()
	}()
	b.mu.Lock()
	wg.Wait() // WANT: waits with b.mu for a member after it
	b.mu.Unlock()
}

func (b *box) get() int {
	b.mu.Lock() // WANT: takes b.mu again
	defer b.mu.Unlock()
	return b.n
}

func (b *box) twice() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.get() + 1
}

func (b *box) read() int {
	b.rw.RLock() // WANT: takes b.rw again for reading
	defer b.rw.RUnlock()
	return b.n
}

func (b *box) readTwice() int {
	b.rw.RLock()
	defer b.rw.RUnlock()
	return b.read()
}

func (b *box) write() {
	b.rw.Lock()
	b.n++
	b.rw.Unlock()
}

func (b *box) rounds(xs []int) {
	for _, x := range xs {
		b.mu.Lock() // WANT: takes b.mu again in the next round
		if x == 0 {
			continue
		}
		b.n += x
		b.mu.Unlock()
	}
}

func (b *box) takesLast() {
	b.mu.Lock()
	defer b.mu.Lock() // WANT: takes b.mu again when it returns
	b.n++
}

func (b *box) again() {
	b.once.Do(func() { b.start() })
}

func (b *box) start() {
	b.once.Do(func() {}) // WANT: runs b.once again
}

func (b *box) keeps(n int) bool {
	b.mu.Lock()
	if n < 0 {
		return false // WANT: keeps b.mu
	}
	b.n = n
	b.mu.Unlock()
	return true
}

func crosses(b *box) {
	go func() {
		b.mu.Lock()
		b.other.Lock() // WANT: takes b.other after b.mu
		b.n++
		b.other.Unlock()
		b.mu.Unlock()
	}()
	go func() {
		b.other.Lock()
		b.mu.Lock()
		b.n--
		b.mu.Unlock()
		b.other.Unlock()
	}()
}

// In one order they do not stall.
func inOrder(b *box) {
	go func() {
		b.rw.Lock()
		b.other.Lock()
		b.n++
		b.other.Unlock()
		b.rw.Unlock()
	}()
	go func() {
		b.rw.Lock()
		b.other.Lock()
		b.n--
		b.other.Unlock()
		b.rw.Unlock()
	}()
}

package heldlock

import "sync"

// Two orders, one of them before the other goroutine starts or after it has ended.

func afterGroupOk() {
	var a, b sync.Mutex
	var wg sync.WaitGroup
	for range 2 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			a.Lock()
			defer a.Unlock()
			b.Lock()
			defer b.Unlock()
		}()
	}
	wg.Wait()
	b.Lock()
	defer b.Unlock()
	a.Lock()
	defer a.Unlock()
}

func afterChannelOk() {
	var a, b sync.Mutex
	done := make(chan struct{})
	go func() {
		defer close(done)
		a.Lock()
		defer a.Unlock()
		b.Lock()
		defer b.Unlock()
	}()
	<-done
	b.Lock()
	defer b.Unlock()
	a.Lock()
	defer a.Unlock()
}

func beforeStartOk() {
	var a, b sync.Mutex
	b.Lock()
	a.Lock()
	a.Unlock()
	b.Unlock()
	go func() {
		a.Lock()
		defer a.Unlock()
		b.Lock()
		defer b.Unlock()
	}()
}

// The channel is closed before the locks are taken.
func tooEarlyBad() {
	var a, b sync.Mutex
	started := make(chan struct{})
	go func() {
		close(started)
		a.Lock()
		defer a.Unlock()
		b.Lock() // want `which others take in the opposite order`
		defer b.Unlock()
	}()
	<-started
	b.Lock()
	defer b.Unlock()
	a.Lock()
	defer a.Unlock()
}

type pair struct {
	a, b sync.Mutex
	n    int
}

func meanwhileBad(t *pair) {
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		defer wg.Done()
		t.a.Lock()
		defer t.a.Unlock()
		t.b.Lock() // want `which others take in the opposite order`
		defer t.b.Unlock()
		t.n++
	}()
	t.b.Lock()
	t.a.Lock()
	t.a.Unlock()
	t.b.Unlock()
	wg.Wait()
}

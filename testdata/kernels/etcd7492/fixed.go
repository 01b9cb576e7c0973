// Package etcd7492 is a fixed form: a token is handed to the keeper after the
// lock was released, and not at all once the keeper is done.
package etcd7492

import (
	"sync"
	"time"
)

type ttlKeeper struct {
	tokens map[string]time.Time
	addCh  chan struct{}
	stopCh chan chan struct{}
	donec  chan struct{}
	delete func(string)
}

func newTTLKeeper(del func(string)) *ttlKeeper {
	k := &ttlKeeper{
		tokens: map[string]time.Time{},
		addCh:  make(chan struct{}, 1),
		stopCh: make(chan chan struct{}),
		donec:  make(chan struct{}),
		delete: del,
	}
	go k.run()
	return k
}

func (k *ttlKeeper) run() {
	defer close(k.donec)
	ticker := time.NewTicker(time.Millisecond)
	defer ticker.Stop()
	for {
		select {
		case <-k.addCh:
			k.tokens["1"] = time.Now()
		case <-ticker.C:
			for t := range k.tokens {
				k.delete(t)
				delete(k.tokens, t)
			}
		case waitCh := <-k.stopCh:
			waitCh <- struct{}{}
			return
		}
	}
}

func (k *ttlKeeper) add() {
	select {
	case k.addCh <- struct{}{}:
	case <-k.donec:
	}
}

func (k *ttlKeeper) stop() {
	waitCh := make(chan struct{})
	select {
	case k.stopCh <- waitCh:
		<-waitCh
	case <-k.donec:
	}
}

type tokenSimple struct {
	mu     sync.RWMutex
	keeper *ttlKeeper
	issued int
}

func (t *tokenSimple) assign() {
	t.mu.Lock()
	t.issued++
	k := t.keeper
	t.mu.Unlock()
	if k != nil {
		k.add()
	}
}

func (t *tokenSimple) enable() {
	k := newTTLKeeper(func(string) {
		t.mu.Lock()
		defer t.mu.Unlock()
		t.issued--
	})
	t.mu.Lock()
	defer t.mu.Unlock()
	t.keeper = k
}

func (t *tokenSimple) disable() {
	t.mu.Lock()
	k := t.keeper
	t.keeper = nil
	t.mu.Unlock()
	if k != nil {
		k.stop()
	}
}

// Run assigns three tokens and disables the provider.
func Run() {
	t := &tokenSimple{}
	t.enable()
	defer t.disable()
	var wg sync.WaitGroup
	wg.Add(3)
	for i := 0; i < 3; i++ {
		go func() {
			defer wg.Done()
			t.assign()
		}()
	}
	wg.Wait()
}

// Package groups holds groups that count more than is ever done.
package groups

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
)

func use(int) {}

func twiceBad(f func()) {
	var wg sync.WaitGroup
	wg.Add(2)
	go func() {
		defer wg.Done()
		f()
	}()
	go func() {
		wg.Wait() // want `goroutine waits for ever: wg counts 1 more than there are calls of Done`
		use(1)
	}()
}

func hereBad(f func()) {
	var wg sync.WaitGroup
	wg.Add(3)
	for range 1 {
		f()
	}
	go func() { defer wg.Done(); f() }()
	go func() { f(); wg.Done() }()
	wg.Wait() // want `whoever gets here waits for ever: wg counts 1 more than there are calls of Done`
}

func work(wg *sync.WaitGroup, f func()) {
	defer wg.Done()
	f()
}

func namedBad(f func()) {
	wg := new(sync.WaitGroup)
	wg.Add(1)
	wg.Add(1)
	go work2(wg, f)
	wg.Wait() // want `waits for ever: wg counts 1 more`
}

func work2(wg *sync.WaitGroup, f func()) {
	defer wg.Done()
	f()
}

func roundBad(items []int, f func(int) error) {
	var wg sync.WaitGroup
	for _, n := range items {
		wg.Add(1)
		if n < 0 {
			continue
		}
		go func() {
			defer wg.Done()
			f(n)
		}()
	}
	wg.Wait() // want `can wait for ever: on one way wg counts 1 more`
}

// A group whose goroutines may not start.
type pool struct {
	wg  sync.WaitGroup
	sem chan struct{}
}

func newPool() *pool { return &pool{sem: make(chan struct{}, 4)} }

func (p *pool) GoBad(ctx context.Context, f func()) error {
	p.wg.Add(1) // want `whoever waits for p.wg can wait for ever: after this Add, one way leads on without the goroutine that calls Done`
	select {
	case p.sem <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	go func() {
		defer p.wg.Done()
		defer func() { <-p.sem }()
		f()
	}()
	return nil
}

func (p *pool) Wait() { p.wg.Wait() }

type fleet struct {
	wg     sync.WaitGroup
	closed atomic.Bool
}

func newFleet() *fleet { return &fleet{} }

// A return that says nothing to its caller.
func (p *fleet) launchBad(n int) {
	p.wg.Add(1) // want `whoever waits for p.wg can wait for ever`
	if p.closed.Load() {
		return
	}
	go p.run(n)
}

func (p *fleet) run(n int) {
	defer p.wg.Done()
	use(n)
}

func (p *fleet) Close() { p.closed.Store(true); p.wg.Wait() }

// ---- a worker that waits for its own group

func ownBad(f func()) {
	var wg sync.WaitGroup
	wg.Add(2)
	go func() {
		defer wg.Done()
		f()
		wg.Wait() // want `goroutine waits for itself: it is one of those that wg counts until it returns`
	}()
	go func() { defer wg.Done(); f() }()
}

// ---- what comes out even

func evenOk(f func()) {
	var wg sync.WaitGroup
	wg.Add(2)
	go work(&wg, f)
	go work(&wg, f)
	wg.Wait()
}

func branchOk(fast bool, f func()) {
	var wg sync.WaitGroup
	wg.Add(2)
	go func() { defer wg.Done(); f() }()
	if fast {
		wg.Done()
	} else {
		go func() { defer wg.Done(); f() }()
	}
	wg.Wait()
}

func sameOk(more bool, f func()) {
	var wg sync.WaitGroup
	if more {
		wg.Add(1)
	}
	f()
	if more {
		go func() { defer wg.Done(); f() }()
	}
	wg.Wait()
}

func loopOk(f func()) {
	var wg sync.WaitGroup
	wg.Add(3)
	for range 3 {
		go func() { defer wg.Done(); f() }()
	}
	wg.Wait()
}

func exitsOk(f func() error) error {
	var wg sync.WaitGroup
	wg.Add(1)
	if err := f(); err != nil {
		return err // nobody waits
	}
	go func() { defer wg.Done(); f() }()
	wg.Wait()
	return nil
}

func eitherOk(f func() error) {
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		if err := f(); err != nil {
			wg.Done()
			return
		}
		wg.Done()
	}()
	wg.Wait()
}

func syncOk(async bool, f func()) {
	var wg sync.WaitGroup
	wg.Add(1)
	if async {
		go work(&wg, f)
	} else {
		work(&wg, f)
	}
	wg.Wait()
}

type crew struct{ wg sync.WaitGroup }

func (p *crew) GoOk(ok bool, f func()) error {
	p.wg.Add(1)
	if !ok {
		p.wg.Done()
		return errors.New("closed")
	}
	go func() {
		defer p.wg.Done()
		f()
	}()
	return nil
}

func (p *crew) Wait() { p.wg.Wait() }

// What it makes nobody gets.
type server struct{ wg sync.WaitGroup }

func newServerOk(f func() error) (*server, error) {
	s := &server{}
	s.wg.Add(1)
	if err := f(); err != nil {
		return nil, err
	}
	go func() { defer s.wg.Done(); f() }()
	return s, nil
}

func (s *server) Close() { s.wg.Wait() }

// Another function takes it away.
type tally struct{ wg sync.WaitGroup }

func (t *tally) BeginOk() { t.wg.Add(1) }
func (t *tally) End()     { t.wg.Done() }
func (t *tally) Wait()    { t.wg.Wait() }

// A barrier: each takes itself away first.
func barrierOk(f func()) {
	var wg sync.WaitGroup
	wg.Add(2)
	for range 2 {
		go func() {
			f()
			wg.Done()
			wg.Wait()
			f()
		}()
	}
}

// One group counts those who wait for another.
func twoOk(f func()) {
	var all, some sync.WaitGroup
	all.Add(1)
	some.Add(1)
	go func() { defer some.Done(); f() }()
	go func() {
		defer all.Done()
		some.Wait()
	}()
	all.Wait()
}

// Whoever skips the Done starts after the wait: the first wait is not for it.
func emptyFirstBad(ok bool, f func()) {
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		if !ok {
			return
		}
		f()
		wg.Done()
	}()
	wg.Wait() // want `a goroutine that it waits for can return without wg.Done`
}

func emptyFirstOk(ok bool, f func()) {
	var wg sync.WaitGroup
	wg.Wait()
	wg.Add(1)
	go func() {
		if !ok {
			return
		}
		f()
		wg.Done()
	}()
}

// The group goes through a queue, whose other end calls Done.
type entry struct{ wg *sync.WaitGroup }

type ring struct {
	mu    sync.Mutex
	slots [8]entry
	n     int
}

func (r *ring) push(wg *sync.WaitGroup) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.slots[r.n%len(r.slots)].wg = wg
	r.n++
}

func (r *ring) pop() {
	r.mu.Lock()
	defer r.mu.Unlock()
	for i := range r.slots {
		if wg := r.slots[i].wg; wg != nil {
			r.slots[i].wg = nil
			wg.Done()
		}
	}
}

func QueuedOk(r *ring) {
	go r.pop()
	wg := &sync.WaitGroup{}
	wg.Add(1)
	r.push(wg)
	wg.Wait()
}

func look(wg *sync.WaitGroup) *sync.WaitGroup { return wg }

func LookedBad() {
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		wg.Wait() // want "nothing calls Done on wg"
	}()
}

// A connection that the first makes for all: it adds only where it has found none, and
// goes on to Done then.
type dialled struct {
	g   sync.WaitGroup
	err error
}

type slot struct {
	mu  sync.Mutex
	cur *dialled
}

type slots struct{ all []slot }

func newSlots(n int) *slots { return &slots{all: make([]slot, n)} }

func (s *slots) DialOk(i int, dial func() error) error {
	s.all[i].mu.Lock()
	cur := s.all[i].cur
	if s.all[i].cur == nil {
		s.all[i].cur = &dialled{}
		s.all[i].cur.g.Add(1)
	}
	s.all[i].mu.Unlock()
	if cur != nil {
		cur.g.Wait()
		return cur.err
	}
	err := dial()
	s.all[i].mu.Lock()
	cur = s.all[i].cur
	s.all[i].cur = nil
	s.all[i].mu.Unlock()
	cur.err = err
	cur.g.Done()
	return err
}

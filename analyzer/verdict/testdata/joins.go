package joins

import (
	"context"
	"sync"
	"time"
)

func work() bool { return time.Now().Unix() > 3 }

// join.go

func All() {
	var wg sync.WaitGroup
	wg.Add(1)
	go func() { // WANT: ends
		defer wg.Done()
		work()
	}()
	go func() { wg.Wait() }() // WANT: ends
}

func Deferred() {
	var wg sync.WaitGroup
	wg.Add(1)
	go func() { // WANT: ends
		defer func() {
			work()
			wg.Done()
		}()
		work()
	}()
	go func() { wg.Wait() }() // WANT: ends
}

// A literal that is called may be left out.
func DoneInLiteral() {
	var wg sync.WaitGroup
	wg.Add(1)
	go func() { // WANT: ends
		done := func() { wg.Done() }
		if work() {
			done()
		}
	}()
	go func() { wg.Wait() }() // WANT: unknown (it waits in wg.Wait at +0 for goroutines of which not all are known)
}

// What the members need, who waits for them needs.
func Stopped(ctx context.Context, quit chan struct{}, f func()) {
	var wg sync.WaitGroup
	wg.Add(3)
	go func() { // WANT: stops by ctx.Done()
		defer wg.Done()
		<-ctx.Done()
	}()
	go func() { // WANT: stops by quit
		defer wg.Done()
		<-quit
	}()
	go func() { // WANT: ends, if f returns
		defer wg.Done()
		f()
	}()
	go func() { wg.Wait() }() // WANT: stops by all of ctx.Done(), quit, if f returns
}

func Stuck() {
	var wg sync.WaitGroup
	wg.Add(1)
	go func() { // WANT: stuck (select{} at +2 waits for nothing)
		defer wg.Done()
		select {}
	}()
	go func() { wg.Wait() }() // WANT: stuck (it waits in wg.Wait at +0, and the goroutine started at -4 is not shown to end)
}

// A member that does not always start may not be there.
func StuckSometimes() {
	var wg sync.WaitGroup
	if work() {
		wg.Add(1)
		go func() { // WANT: stuck (select{} at +2 waits for nothing)
			defer wg.Done()
			select {}
		}()
	}
	go func() { wg.Wait() }() // WANT: unknown (it waits in wg.Wait at +0, and the goroutine started at -5 is not shown to end)
}

func LeftOut() {
	var wg sync.WaitGroup
	wg.Add(1)
	go func() { // WANT: ends
		if work() {
			return
		}
		wg.Done()
	}()
	go func() { wg.Wait() }() // WANT: unknown (it waits in wg.Wait at +0 for goroutines of which not all are known)
}

func Go(ctx context.Context) {
	var wg sync.WaitGroup
	wg.Go(func() { <-ctx.Done() }) // WANT: stops by ctx.Done()
	go func() { wg.Wait() }()      // WANT: stops by ctx.Done()
}

// The group that a parameter is.
func member(wg *sync.WaitGroup, ch chan struct{}) {
	defer wg.Done()
	<-ch
}

func ByParameter(quit chan struct{}) {
	var wg, other sync.WaitGroup
	wg.Add(1)
	other.Add(1)
	go member(&wg, quit)                   // WANT: stops by quit
	go member(&other, make(chan struct{})) // WANT: stuck (it waits for make(chan struct{}) at -8, which nothing closes or sends on)
	go func() { wg.Wait() }()              // WANT: stops by quit
}

// A group that others get may have other members.
func Handed(wg *sync.WaitGroup) {
	go func() { wg.Wait() }() // WANT: unknown (it waits in wg.Wait at +0 for goroutines of which not all are known)
}

type owner struct {
	wg   sync.WaitGroup
	quit chan struct{}
}

func New() *owner {
	o := &owner{quit: make(chan struct{})}
	o.wg.Add(1)
	go o.run()  // WANT: stops by o.quit
	go o.wait() // WANT: stops by o.quit
	return o
}

func (o *owner) run() {
	defer o.wg.Done()
	<-o.quit
}

func (o *owner) wait() { o.wg.Wait() }

func (o *owner) Close() { close(o.quit) }

// More is counted than ends.
func TooMany() {
	var wg sync.WaitGroup
	wg.Add(2)
	go func() { // WANT: ends
		defer wg.Done()
		work()
	}()
	go func() { wg.Wait() }() // WANT: unknown (it waits in wg.Wait at +0 for goroutines of which not all are known)
}

// Condition variables.
type conds struct {
	mu         sync.Mutex
	cond, lost *sync.Cond
	on         bool
}

func NewConds() *conds {
	c := &conds{}
	c.cond, c.lost = sync.NewCond(&c.mu), sync.NewCond(&c.mu)
	go c.sleep() // WANT: stops by on
	go c.once()  // WANT: stops by c.cond
	go c.never() // WANT: stuck (it waits in c.lost.Wait at +20, which nothing ends)
	return c
}

func (c *conds) sleep() {
	c.mu.Lock()
	for !c.on {
		c.cond.Wait()
	}
	c.mu.Unlock()
}

func (c *conds) once() {
	c.mu.Lock()
	c.cond.Wait()
	c.mu.Unlock()
}

func (c *conds) never() {
	c.mu.Lock()
	c.lost.Wait()
	c.mu.Unlock()
}

func (c *conds) Set() {
	c.mu.Lock()
	c.on = true
	c.mu.Unlock()
	c.cond.Broadcast()
}

// raise.go: what a goroutine closes behind the join.
func CloseBehindJoin(ctx context.Context) {
	var wg sync.WaitGroup
	done := make(chan struct{})
	wg.Add(1)
	go func() { // WANT: stops by ctx.Done()
		defer wg.Done()
		<-ctx.Done()
	}()
	go func() { // WANT: stops by ctx.Done()
		wg.Wait()
		close(done)
	}()
	go func() { <-done }() // WANT: stops by ctx.Done()
}

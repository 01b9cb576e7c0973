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
	go func() {
		defer wg.Done()
		work()
	}()
	go func() { wg.Wait() }() // WANT: join itself by -1
}

func Deferred() {
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		defer func() {
			work()
			wg.Done()
		}()
		work()
	}()
	go func() { wg.Wait() }() // WANT: join itself by -1
}

// A literal that is called may be left out.
func DoneInLiteral() {
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		done := func() { wg.Done() }
		if work() {
			done()
		}
	}()
	go func() { wg.Wait() }() // WANT: join unclear (a goroutine that it waits for is not shown to end)
}

// What the members need, who waits for them needs.
func Stopped(ctx context.Context, quit chan struct{}, f func()) {
	var wg sync.WaitGroup
	wg.Add(3)
	go func() {
		defer wg.Done()
		<-ctx.Done() // WANT: cancel ctx.Done() by who calls
	}()
	go func() {
		defer wg.Done()
		<-quit // WANT: close quit by who calls; send quit by who calls
	}()
	go func() {
		defer wg.Done()
		f() // WANT: return f by who calls
	}()
	go func() { wg.Wait() }() // WANT: join surely by -9 by -5 by -1 if f returns
}

func Stuck() {
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		defer wg.Done()
		select {}
	}()
	go func() { wg.Wait() }() // WANT: join never (a goroutine that it waits for is not shown to end) by -1
}

// A member that does not always start may not be there.
func StuckSometimes() {
	var wg sync.WaitGroup
	if work() {
		wg.Add(1)
		go func() {
			defer wg.Done()
			select {}
		}()
	}
	go func() { wg.Wait() }() // WANT: join only if (a goroutine that it waits for is not shown to end) by -2
}

func LeftOut() {
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		if work() {
			return
		}
		wg.Done()
	}()
	go func() { wg.Wait() }() // WANT: join unclear (a goroutine that it waits for is not shown to end)
}

func Go(ctx context.Context) {
	var wg sync.WaitGroup
	wg.Go(func() { <-ctx.Done() }) // WANT: cancel ctx.Done() by who calls
	go func() { wg.Wait() }()      // WANT: join surely by -1
}

// The group that a parameter is.
func member(wg *sync.WaitGroup, ch chan struct{}) {
	defer wg.Done()
	<-ch // WANT: close ch by who calls; send ch by who calls
}

func ByParameter(quit chan struct{}) {
	var wg, other sync.WaitGroup
	wg.Add(1)
	other.Add(1)
	go member(&wg, quit)
	go member(&other, make(chan struct{}))
	go func() { wg.Wait() }() // WANT: join surely by -2
}

// A group that others get may have other members.
func Handed(wg *sync.WaitGroup) {
	go func() { wg.Wait() }() // WANT: join unclear (a goroutine that it waits for is not shown to end)
}

type owner struct {
	wg   sync.WaitGroup
	quit chan struct{}
}

func New() *owner {
	o := &owner{quit: make(chan struct{})}
	o.wg.Add(1)
	go o.run()
	go o.wait()
	return o
}

func (o *owner) run() {
	defer o.wg.Done()
	<-o.quit // WANT: close o.quit surely by +5 of -9; send o.quit never (nobody does)
}

func (o *owner) wait() { o.wg.Wait() } // WANT: join surely by -10

func (o *owner) Close() { close(o.quit) }

// More is counted than ends.
func TooMany() {
	var wg sync.WaitGroup
	wg.Add(2)
	go func() {
		defer wg.Done()
		work()
	}()
	go func() { wg.Wait() }() // WANT: join only if (only on some paths)
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
	go c.sleep()
	go c.once()
	go c.never()
	return c
}

func (c *conds) sleep() {
	c.mu.Lock()
	for !c.on {
		c.cond.Wait() // WANT: send c.cond itself by +21
	}
	c.mu.Unlock()
}

func (c *conds) once() {
	c.mu.Lock()
	c.cond.Wait() // WANT: send c.cond surely by +14
	c.mu.Unlock()
}

func (c *conds) never() {
	c.mu.Lock()
	c.lost.Wait() // WANT: send c.lost never (nobody does)
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
	go func() {
		defer wg.Done()
		<-ctx.Done() // WANT: cancel ctx.Done() by who calls
	}()
	go func() {
		wg.Wait() // WANT: join surely by -2
		close(done)
	}()
	go func() { <-done }() // WANT: close done surely by -2 of -10; send done never (nobody does)
}

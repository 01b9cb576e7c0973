// Package far starts goroutines that wait in another package for what they are
// given.
package far

import (
	"context"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"module/farlib"
)

func LiteralBad() {
	quit := make(chan struct{})
	go func() {
		farlib.Wait(quit) // want "goroutine never stops: it waits for quit at farlib.go:[0-9]+ in module/farlib.Wait, which nothing closes or sends on"
	}()
}

func DirectBad() {
	quit := make(chan struct{})
	go farlib.Wait(quit) // want "goroutine never stops: it waits for quit at .*, which nothing closes"
}

func RangeBad(n int) {
	in := make(chan int)
	go farlib.Drain(in) // want "goroutine never stops: .*"
	for i := range n {
		in <- i
	}
}

func ContextBad() {
	go farlib.Run(context.Background()) // want "goroutine never stops: the loop .* whose context is never cancelled"
}

func ShadowBad(ctx context.Context) {
	var g sync.WaitGroup
	g.Go(func() {
		c := context.WithoutCancel(ctx)
		farlib.Run(c) // want "goroutine never stops: the loop .* whose context is never cancelled"
	})
	g.Wait()
}

func BothBad() {
	quit := make(chan struct{})
	go farlib.Both(context.Background(), quit) // want "goroutine never stops: it waits for .*"
}

type owner struct{ quit chan struct{} }

func newOwner() *owner {
	o := &owner{quit: make(chan struct{})}
	go o.run()
	return o
}

func (o *owner) run() {
	o.helperBad()
}

func (o *owner) helperBad() {
	farlib.Wait(o.quit) // want "goroutine never stops: it waits for o.quit at .*"
}

func wrapped(f func()) { go f() }

func OwnContextBad(ctx context.Context) {
	go farlib.OwnContext(ctx) // want `goroutine never stops: the loop .* whose context is never cancelled`
}

func OwnContextValueBad() {
	wrapped(farlib.OwnContextAlone) // want `goroutine never stops: the loop .* whose context is never cancelled`
}

func OwnContextOk(ctx context.Context) {
	go farlib.OwnDerived(ctx)
}

func WrapperBad() {
	quit := make(chan struct{})
	wrapped(func() {
		farlib.Wait(quit) // want "goroutine never stops: it waits for quit .*"
	})
}

func ClosedOk() {
	quit := make(chan struct{})
	go farlib.Wait(quit)
	time.Sleep(time.Second)
	close(quit)
}

func RangeClosedOk(n int) {
	in := make(chan int)
	go farlib.Drain(in)
	for i := range n {
		in <- i
	}
	close(in)
}

func CancelledOk() {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	go farlib.Run(ctx)
	time.Sleep(time.Second)
}

func TimedOk() {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	_ = cancel
	go farlib.Run(ctx)
}

func GivenOk(ctx context.Context, quit chan struct{}) {
	go farlib.Both(context.Background(), quit)
	go farlib.Run(ctx)
}

func OneOfTwoOk(ctx context.Context) {
	go farlib.Both(ctx, nil)
}

func ProcessOk() {
	go farlib.Serve(context.Background())
}

func TriesOk() {
	quit := make(chan struct{})
	go farlib.Try(quit)
}

func InnerOk() {
	go farlib.InnerBad()
}

type stopper struct{ quit chan struct{} }

func newStopper() *stopper {
	s := &stopper{quit: make(chan struct{})}
	go farlib.Wait(s.quit)
	return s
}

func (s *stopper) Close() { close(s.quit) }

func FieldOk() func() {
	quit := make(chan struct{})
	l := &farlib.Loop{Quit: quit}
	go l.Run()
	return func() { close(quit) }
}

// Exported keeps what others may close.
type Exported struct{ Quit chan struct{} }

func ExportedOk() *Exported {
	e := &Exported{Quit: make(chan struct{})}
	go farlib.Wait(e.Quit)
	return e
}

func DocumentedOk() {
	//killcheck:lifetime process -- it serves as long as the process lives
	go farlib.Run(context.Background())
}

func New() any { return []any{newOwner(), newStopper()} }

func TwoWaysBad() {
	quit := make(chan struct{})
	go farlib.WaitBoth(quit) // want "goroutine never stops: it waits for quit at .*, which nothing closes"
}

func TwoWaysOk() {
	quit := make(chan struct{})
	go farlib.WaitBoth(quit)
	close(quit)
}

func KeptOk() {
	quit := make(chan struct{})
	go farlib.Keep(quit)
}

func QueueOk(q *farlib.Queue[int], p *farlib.Plain) {
	go q.Next(context.Background())
	go p.Next(context.Background())
}

func OtherWayOk(done func() bool) {
	go farlib.Until(context.Background(), done)
}

func FlagSkippedBad(n int) {
	var over atomic.Bool
	go farlib.Poll(&over) // want `goroutine may never stop \(flags.go:10 in module/farlib.Poll\): only over.Load\(\) would end this, and FlagSkippedBad can return without the store`
	if n > 5 {
		return
	}
	over.Store(true)
}

func FlagNeverBad() {
	var over atomic.Bool
	go func() {
		farlib.Poll(&over) // want `goroutine never stops: the loop at flags.go:10 in module/farlib.Poll ends by over.Load\(\), which nothing sets`
	}()
	time.Sleep(time.Second)
}

func FlagOk(n int) {
	var over atomic.Bool
	go farlib.Poll(&over)
	defer over.Store(true)
	if n > 5 {
		return
	}
	time.Sleep(time.Second)
}

func FlagElsewhereOk() {
	var over atomic.Bool
	go farlib.Poll(&over)
	farlib.Once(&over)
}

func AcceptBad(n int) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return
	}
	go farlib.Accept(ln) // want `goroutine may never stop \(farlib.go:\d+ in module/farlib.Accept\): only ln.Close would end this, and AcceptBad can return without it`
	if n > 5 {
		return
	}
	ln.Close()
}

func AcceptGood(n int) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return
	}
	defer ln.Close()
	go farlib.Accept(ln)
	if n > 5 {
		return
	}
	time.Sleep(time.Second)
}

func LockHeldBad(n int) {
	var mu sync.Mutex
	mu.Lock()
	go farlib.UnderLock(&mu) // want `goroutine can wait for ever \(in farlib.UnderLock\): LockHeldBad holds mu when it starts, and can return without giving it back`
	if n > 5 {
		return
	}
	mu.Unlock()
}

func CountedUpBad(n int) {
	var wg sync.WaitGroup
	wg.Add(1)
	wrapped(func() {
		farlib.After(&wg) // want `goroutine can wait for ever \(in farlib.After\): CountedUpBad has counted up wg when it starts, and can return without calling Done`
	})
	if n > 5 {
		return
	}
	wg.Done()
}

func LockHeldOk(n int) {
	var mu sync.Mutex
	mu.Lock()
	defer mu.Unlock()
	go farlib.UnderLock(&mu)
	if n > 5 {
		return
	}
	time.Sleep(time.Second)
}

func LockHandedOk() {
	var mu sync.Mutex
	mu.Lock()
	go farlib.Handed(&mu)
}

// A function that is given to another package may run any number of times.
func pooledOk(work func()) {
	var wg sync.WaitGroup
	p := farlib.NewPool(func() {
		work()
		wg.Done()
	})
	defer p.Close()
	wg.Add(2)
	p.Do()
	p.Do()
	wg.Wait()
}

// A go statement starts one.
func startedBad(work func()) {
	var wg sync.WaitGroup
	wg.Add(2)
	go func() {
		work()
		wg.Done()
	}()
	wg.Wait() // want "whoever gets here waits for ever: wg counts 1 more than there are calls of Done"
}

func SpentBad() {
	t := time.NewTimer(time.Second)
	go farlib.Ticks(t) // want `goroutine waits for ever: t.C in farlib.Ticks brings one value, 2 are received, and nothing resets the timer`
}

func SpentLiteralBad() {
	t := time.NewTimer(time.Second)
	go func() {
		farlib.Ticks(t) // want `goroutine waits for ever: t.C in farlib.Ticks brings one value`
	}()
}

func SpentResetOk() {
	t := time.NewTimer(time.Second)
	go farlib.Ticks(t)
	time.Sleep(2 * time.Second)
	t.Reset(time.Second)
}

// What another package sends on, that does not close.
func PouredBad() (sum int) {
	to := make(chan int)
	go farlib.Pour(to)
	for v := range to { // want `whoever gets here waits for ever: nothing closes to, and those who send on it return`
		sum += v
	}
	return sum
}

func PouredLiteralBad() (sum int) {
	to := make(chan int, 2)
	go func() { farlib.Pour(to) }()
	for v := range to { // want `whoever gets here waits for ever: nothing closes to, and those who send on it return`
		sum += v
	}
	return sum
}

func PouredClosedOk() {
	to := make(chan int)
	go func() {
		defer close(to)
		farlib.Pour(to)
	}()
	for range to {
	}
}

func PouredAllOk() {
	to := make(chan int)
	go farlib.PourAll(to)
	for range to {
	}
}

func PouredUntilOk(quit chan struct{}) {
	to := make(chan int)
	go farlib.PourUntil(to, quit)
	for range to {
	}
}

func PouredSomeOk() {
	to := make(chan int)
	go farlib.Pour(to)
	for v := range to {
		if v > 7 {
			return
		}
	}
}

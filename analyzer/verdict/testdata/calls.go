package calls

import (
	"context"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"example.com/m/lib"
)

func work() bool { return time.Now().Unix() > 3 }

// far.go, fact.go: what is known of another package

func Far(ctx context.Context, ch chan struct{}, in chan int, c net.Conn, wg *sync.WaitGroup, off *atomic.Bool) {
	go lib.Sleeps()                                // WANT: stuck (the loop at lib.go in example.com/m/lib.Sleeps has no exit)
	go lib.Nothing()                               // WANT: stuck (select{} at lib.go in example.com/m/lib.Nothing waits for nothing)
	go lib.Daemon()                                // WANT: by process
	go lib.Deaf(ctx)                               // WANT: stuck (the loop at lib.go in example.com/m/lib.Deaf has no exit)
	go lib.Run(ctx, func() {})                     // WANT: stops by ctx.Done()
	go lib.Run(context.Background(), func() {})    // WANT: stuck (the loop at lib.go in example.com/m/lib.Run ends by context.Background().Done(), whose context is never cancelled)
	go lib.Waits(ch)                               // WANT: stops by ch
	go lib.Waits(make(chan struct{}))              // WANT: stuck (it waits for make(chan struct{}) at lib.go in example.com/m/lib.Waits, which nothing closes or sends on)
	go lib.Waits(nil)                              // WANT: stuck (it waits for nil at lib.go in example.com/m/lib.Waits, which is never made)
	go lib.Puts(in)                                // WANT: ends, if in is received from
	go lib.Puts(make(chan int))                    // WANT: stuck (it sends on ch at lib.go in example.com/m/lib.Puts, and nothing receives)
	go lib.Polls(off)                              // WANT: stops by off.Load()
	go lib.Polls(new(atomic.Bool))                 // WANT: stuck (the loop at lib.go in example.com/m/lib.Polls ends by new(atomic.Bool).Load(), which nothing sets)
	go lib.Ready(func() bool { return true })      // WANT: ends, if the loop at lib.go in example.com/m/lib.Ready ends
	go lib.Reads(c)                                // WANT: ends, if c is closed
	go lib.Joins(wg)                               // WANT: unknown (it waits in wg.Wait at lib.go in example.com/m/lib.Joins for goroutines of which not all are known)
	go lib.Sums(3)                                 // WANT: ends
	go lib.Calls(func() { select {} })             // WANT: stuck (select{} at +0 waits for nothing)
	go lib.NewServer().Serve()                     // WANT: stops by s.quit
	go lib.NewQueue().Range()                      // WANT: stuck (it waits for q.ch at lib.go in (*example.com/m/lib.Queue).Range, which nothing closes or sends on)
	go lib.Own()                                   // WANT: stuck (the loop at lib.go in example.com/m/lib.Own ends by ctx.Err(), whose context is never cancelled)
	go lib.Each(make(chan int))                    // WANT: stuck (it waits for make(chan int) at lib.go in example.com/m/lib.Each, which nothing closes or sends on)
	go func() { lib.Deaf(ctx) }()                  // WANT: stuck (the loop at lib.go in example.com/m/lib.Deaf has no exit)
	go func() { lib.Waits(make(chan struct{})) }() // WANT: stuck (it waits for make(chan struct{}) at lib.go in example.com/m/lib.Waits, which nothing closes or sends on)
}

// What is not told of a function that is customary to return does not matter.
func Told() {
	go lib.Infof("text") // WANT: stops by all of C1, C10, C11, C12, C2, C3, C4, C5, C6, C7, C8, C9
	go lib.Work("text")  // WANT: unknown (it has more waits than are looked at; it heeds C1, C10, C11 and 9 more)
}

func CancelledLater() {
	ctx, cancel := context.WithCancel(context.Background())
	go lib.Run(ctx, func() {}) // WANT: stops by ctx.Done()
	work()
	cancel()
}

// calls.go

func waits(ch chan struct{}) { <-ch }

func twice(ch chan struct{}) { waits(ch) }

type waiter interface{ wait(ch chan struct{}) }

type one struct{}

func (one) wait(ch chan struct{}) { <-ch }

type doer interface{ Do() }

func runs(f func()) { f() }

func Calls(ctx context.Context, ch chan struct{}, w waiter, d doer, f func(), g func(context.Context)) {
	go waits(ch)                                     // WANT: stops by ch
	go twice(ch)                                     // WANT: stops by ch
	go twice(make(chan struct{}))                    // WANT: stuck (it waits for make(chan struct{}) at -17, which nothing closes or sends on)
	go func() { twice(ch) }()                        // WANT: stops by ch
	go w.wait(ch)                                    // WANT: stops by ch
	go d.Do()                                        // WANT: ends, if d.Do returns
	go func() { d.Do() }()                           // WANT: ends, if d.Do returns
	go f()                                           // WANT: ends, if f returns
	go func() { f() }()                              // WANT: ends, if f returns
	go func() { g(ctx) }()                           // WANT: stops by ctx.Done()
	go runs(func() { <-ctx.Done() })                 // WANT: stops by ctx.Done()
	go runs(f)                                       // WANT: ends, if f returns
	go func() { defer waits(ch) }()                  // WANT: stops by ch
	go func() { sync.OnceFunc(func() { <-ch })() }() // WANT: stops by ch, if sync.OnceFunc((func() literal)) returns
	go func() {                                      // WANT: stops by ch
		var o sync.Once
		o.Do(func() { <-ch })
	}()
	_ = one{}
}

// Recursion: each is solved with the others.
func ping(ch chan struct{}, n int) {
	if n > 0 {
		pong(ch, n-1)
	}
}

func pong(ch chan struct{}, n int) {
	<-ch
	ping(ch, n)
}

func Recursive(ch chan struct{}) {
	go ping(ch, 3) // WANT: stops by ch
}

// unread.go

type asked interface {
	Name() string
	Log(text string)
	Run()
	Fetch(ctx context.Context) error
	Take(ch chan int) int
	String() string
}

func Unread(ctx context.Context, a asked, ch chan int) {
	go func() { a.Name() }()      // WANT: ends
	go func() { a.Log("text") }() // WANT: ends
	go func() { a.String() }()    // WANT: ends
	go func() { a.Run() }()       // WANT: ends, if a.Run returns
	go func() { a.Fetch(ctx) }()  // WANT: stops by ctx.Done()
	go func() { a.Take(ch) }()    // WANT: ends, if a.Take returns
}

// conditions.go

type store interface {
	One()
	Two()
	Three()
	Four()
}

func Conditions(ctx context.Context, a, b, c, d chan int, c1, c2 net.Conn, s store) {
	go func() { // WANT: ends, if s.One or s.Two returns
		s.One()
		s.Two()
	}()
	go func() { // WANT: ends, if s.Four, s.One or one of 2 others returns
		s.One()
		s.Two()
		s.Three()
		s.Four()
	}()
	go func() { // WANT: ends, if a is closed or sent on and b is received from and c is closed
		<-a
		b <- 1
		for range c {
		}
	}()
	go func() { // WANT: unknown (it waits for a at +1, and code that is not seen would have to)
		<-a
		b <- 1
		c1.Read(nil)
		c2.Read(nil)
	}()
	go func() { // WANT: stops by ctx.Done(), if s.One returns and a is closed or sent on
		<-a
		s.One()
		<-ctx.Done()
	}()
	go func() { // WANT: unknown (it waits in wg.Wait at +4 for goroutines of which not all are known; it heeds ctx.Done())
		<-ctx.Done()
		var wg sync.WaitGroup
		wg.Add(1)
		wg.Wait()
	}()
	go func() { // WANT: ends, if a is closed or sent on and b is received from
		<-a
		<-a
		<-a
		<-a
		<-a
		b <- 1
	}()
}

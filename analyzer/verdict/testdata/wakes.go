// Package wakes has a wait of each operation, and a wake of each level and reason.
package wakes

import (
	"context"
	"net"
	"sync"
	"sync/atomic"
	"time"
)

func work() bool { return time.Now().Unix() > 3 }

// wait.go: the operations.
func Operations(ctx context.Context, in, out chan int, quit chan struct{}, wg *sync.WaitGroup, f func()) {
	go func() { // WANT: stuck (select{} at +1 waits for nothing)
		select {} // WANT: nothing: no wake
	}()
	go func() { // WANT: ends, if in is closed
		select { // WANT: select: close in by who calls, send in by who calls, receive out by who calls
		case <-in:
		case out <- 1:
		}
	}()
	go func() { // WANT: ends, if in is closed or sent on
		<-in // WANT: receive: close in by who calls, send in by who calls
	}()
	go func() { // WANT: ends, if out is received from
		out <- 1 // WANT: send: receive out by who calls
	}()
	go func() { // WANT: stuck (the loop at +1 has no exit)
		for { // WANT: loop: data never (no exit)
			work()
		}
	}()
	go func() { // WANT: unknown (it waits in wg.Wait at +1 for goroutines of which not all are known)
		wg.Wait() // WANT: join: join unclear (not end)
	}()
	go func() { // WANT: ends, if f returns
		f() // WANT: unread: return f by who calls
	}()
	go func() { // WANT: stops by ctx.Done()
		<-ctx.Done() // WANT: receive: cancel ctx.Done() by who calls
	}()
	go func() { // WANT: stops by quit
		<-quit // WANT: receive: close quit by who calls, send quit by who calls
	}()
	go func() { // WANT: ends
		select {
		case <-in:
		default: // does not wait
		}
	}()
}

// What a parameter is, the call says.
func waits(ch chan struct{}) {
	<-ch // WANT: receive: close ch by who calls, send ch by who calls
}

func Parameter() {
	ch := make(chan struct{})
	defer close(ch)
	go waits(ch) // WANT: stops by ch
	work()
}

// chan.go: how sure a close is.
func NobodyCloses() {
	ch := make(chan struct{})
	go func() { // WANT: stuck (it waits for ch at +1, which nothing closes or sends on)
		<-ch // WANT: receive: close ch never (nobody does), send ch never (nobody does)
	}()
}

func NeverMade() {
	var ch chan struct{}
	go func() { // WANT: stuck (it waits for ch at +1, which is never made)
		<-ch // WANT: receive: close ch never (nil channel), send ch never (nil channel)
	}()
}

func SurelyCloses() {
	ch := make(chan struct{})
	go func() { // WANT: stops by ch
		<-ch // WANT: receive: close ch surely, send ch never (nobody does)
	}()
	work()
	close(ch)
}

func ClosesOnOnePath() {
	ch := make(chan struct{})
	go func() { // WANT: unknown (it waits for ch at +1, which is not raised before the return at +4)
		<-ch // WANT: receive: close ch only if (one path), send ch never (nobody does)
	}()
	if work() {
		return
	}
	close(ch)
}

func ClosesItself() {
	ch := make(chan struct{})
	go func() { // WANT: stuck (it waits for ch at +1, which only the goroutine itself raises)
		<-ch // WANT: receive: close ch never (only after), send ch never (nobody does)
		close(ch)
	}()
}

func ClosedAlready() {
	ch := make(chan struct{})
	close(ch)
	<-ch // WANT: receive: close ch itself
}

// What is closed stays closed: each round comes past.
func ClosedInLoop() {
	ch := make(chan struct{})
	go func() { // WANT: stops by ch
		for range 3 {
			<-ch // WANT: receive: close ch surely, send ch never (nobody does)
		}
	}()
	close(ch)
}

// FN_OneOfSeveral: a close counts for each channel that its variable ever holds.
func FN_OneOfSeveral(b bool) {
	ch := make(chan struct{})
	defer close(ch)
	if b {
		ch = make(chan struct{})
	}
	go func() { // WANT: stops by ch
		<-ch // WANT: receive: close ch surely, send ch never (nobody does)
	}()
}

// One of several channels: nobody closes the second.
func OneOfTwo(b bool) {
	ch, other := make(chan struct{}), make(chan struct{})
	defer close(ch)
	some := ch
	if b {
		some = other
	}
	go func() { // WANT: unknown (it waits for some at +1, which nothing closes or sends on)
		<-some // WANT: receive: close some only if (nobody does), send some never (nobody does)
	}()
}

// A goroutine closes it that may not come to that.
func GoroutineCloses() {
	ch, never := make(chan struct{}), make(chan int)
	go func() { // WANT: stuck (it waits for never at +1, which nothing closes or sends on)
		<-never // WANT: receive: close never never (nobody does), send never never (nobody does)
		close(ch)
	}()
	go func() { // WANT: stuck (it waits for ch at +1, which a goroutine raises that is not shown to come to it)
		<-ch // WANT: receive: close ch never (not end), send ch never (nobody does)
	}()
}

// chan.go: how sure a send is.
func SentByOther() {
	ch := make(chan int)
	go func() { // WANT: ends
		ch <- 1 // WANT: send: receive ch itself
	}()
	go func() { // WANT: ends
		<-ch // WANT: receive: close ch never (nobody does), send ch itself
	}()
}

func SentOnOnePath() {
	ch := make(chan int, 1)
	go func() { // WANT: ends
		if work() {
			return
		}
		ch <- 1 // WANT: send: receive ch itself
	}()
	<-ch // WANT: receive: close ch never (nobody does), send ch only if (one path)
}

func Timer() {
	<-time.After(time.Second) // WANT: receive: close time.After(time.Second) never (nobody does), time time.After(time.Second) itself
	t := time.NewTimer(time.Second)
	<-t.C // WANT: receive: close t.C never (nobody does), time t.C itself
}

// chan.go: how sure it is that a value is taken.
func Room() {
	ch := make(chan int, 2)
	go func() { // WANT: ends
		ch <- 1 // WANT: send: receive ch itself
		ch <- 2 // WANT: send: receive ch itself
	}()
}

func NoRoom() {
	ch := make(chan int, 1)
	go func() { // WANT: unknown (it sends on ch at +1, and nothing shows that it is received)
		ch <- 1 // WANT: send: receive ch unclear (partner)
		ch <- 2 // WANT: send: receive ch unclear (partner)
	}()
}

func RangedOver() {
	ch := make(chan int)
	go func() { // WANT: ends
		ch <- 1 // WANT: send: receive ch itself
		close(ch)
	}()
	for range ch { // WANT: receive: close ch itself; loop: close ch itself
		work()
	}
}

func ReceiverLeaves() {
	ch := make(chan int)
	go func() { // WANT: unknown (it sends on ch at +1, and the receiver can leave first, by the return at +4)
		ch <- 1 // WANT: send: receive ch only if (one path)
	}()
	if work() {
		return
	}
	<-ch // WANT: receive: close ch never (nobody does), send ch unclear (not end)
}

// raise.go: contexts.
func Contexts(ctx context.Context) {
	own, cancel := context.WithCancel(ctx)
	defer cancel()
	root := context.Background()
	lost, _ := context.WithCancel(root)
	timed, stop := context.WithTimeout(root, time.Second)
	_ = stop
	left, leave := context.WithCancel(root)
	go func() { // WANT: stops by own.Done()
		<-own.Done() // WANT: receive: cancel own.Done() surely
	}()
	go func() { // WANT: stuck (it waits for root.Done() at +1, whose context is never cancelled)
		<-root.Done() // WANT: receive: cancel root.Done() never (root context)
	}()
	go func() { // WANT: stuck (it waits for lost.Done() at +1, whose context ends by a cancel function that nobody calls)
		<-lost.Done() // WANT: receive: cancel lost.Done() never (not cancelled)
	}()
	go func() { // WANT: stops by timed.Done()
		<-timed.Done() // WANT: receive: cancel timed.Done() perhaps
	}()
	go func() { // WANT: unknown (it waits for left.Done() at +1, which is not raised before the return at +4)
		<-left.Done() // WANT: receive: cancel left.Done() only if (one path)
	}()
	if work() {
		return
	}
	leave()
}

// join.go: groups.
func Joins() {
	var wg sync.WaitGroup
	wg.Add(1)
	go func() { // WANT: ends
		defer wg.Done()
		work()
	}()
	wg.Wait() // WANT: join: join itself
}

func JoinsForEver() {
	var wg sync.WaitGroup
	wg.Add(1)
	go func() { // WANT: stuck (the loop at +2 has no exit)
		defer wg.Done()
		for { // WANT: loop: data never (no exit)
			work()
		}
	}()
	wg.Wait() // WANT: join: join never (not end)
}

type flagged struct {
	off  atomic.Bool
	quit chan struct{}
	c    net.Conn
	mu   sync.Mutex
	cond *sync.Cond
}

func New(c net.Conn) *flagged {
	f := &flagged{quit: make(chan struct{}), c: c}
	f.cond = sync.NewCond(&f.mu)
	go f.polls()  // WANT: stops by f.off.Load()
	go f.reads()  // WANT: stops by f.c.Close
	go f.sleeps() // WANT: stops by f.off.Load()
	return f
}

func (f *flagged) polls() {
	for !f.off.Load() { // WANT: loop: store f.off.Load() surely
		time.Sleep(time.Second)
	}
}

func (f *flagged) reads() {
	b := make([]byte, 8)
	for { // WANT: loop: close f.c.Close surely, close f.c.Close surely
		if _, err := f.c.Read(b); err != nil { // WANT: call: close f.c.Close surely, close f.c.Close surely
			return
		}
	}
}

func (f *flagged) sleeps() {
	f.mu.Lock()
	defer f.mu.Unlock()
	for !f.off.Load() { // WANT: loop: store f.off.Load() surely
		f.cond.Wait() // WANT: call: send f.cond itself, send f.cond itself
	}
}

func (f *flagged) Close() {
	f.off.Store(true)
	f.c.Close()
	f.cond.Broadcast()
}

// Two goroutines wait for each other to close.
func Circle() {
	a, b := make(chan struct{}), make(chan struct{})
	go func() { // WANT: unknown (it waits for a at +1, which a goroutine raises that is not shown to come to it)
		<-a // WANT: receive: close a unclear (not end), send a never (nobody does)
		close(b)
	}()
	go func() { // WANT: unknown (it waits for b at +1, which a goroutine raises that is not shown to come to it)
		<-b // WANT: receive: close b unclear (not end), send b never (nobody does)
		close(a)
	}()
}

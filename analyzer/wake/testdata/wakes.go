// Package wakes has a wake of each level and reason.
package wakes

import (
	"context"
	"net"
	"sync"
	"sync/atomic"
	"time"
)

func work() bool { return time.Now().Unix() > 3 }

// chan.go: how sure a close is.
func NobodyCloses() {
	ch := make(chan struct{})
	go func() {
		<-ch // WANT: close ch never (nobody does); send ch never (nobody does)
	}()
}

func NeverMade() {
	var ch chan struct{}
	go func() {
		<-ch // WANT: close ch never (it is never made); send ch never (it is never made)
	}()
}

func SurelyCloses() {
	ch := make(chan struct{})
	go func() {
		<-ch // WANT: close ch surely by +3 of -2; send ch never (nobody does)
	}()
	work()
	close(ch)
}

func ClosesOnOnePath() {
	ch := make(chan struct{})
	go func() {
		<-ch // WANT: close ch only if (only on some paths) by +5 of -2; send ch never (nobody does)
	}()
	if work() {
		return
	}
	close(ch)
}

func ClosesItself() {
	ch := make(chan struct{})
	go func() {
		<-ch // WANT: close ch never (the goroutine itself does, after the wait) of -2; send ch never (nobody does)
		close(ch)
	}()
}

func ClosedAlready() {
	ch := make(chan struct{})
	close(ch)
	<-ch // WANT: close ch itself
}

// What is closed stays closed: each round comes past.
func ClosedInLoop() {
	ch := make(chan struct{})
	go func() {
		for range 3 {
			<-ch // WANT: close ch surely by +3 of -3; send ch never (nobody does)
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
	go func() {
		<-ch // WANT: close ch surely by -5; send ch never (nobody does)
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
	go func() {
		<-some // WANT: close some only if (nobody does); send some never (nobody does)
	}()
}

// A goroutine closes it that may not come to that.
func GoroutineCloses() {
	ch, never := make(chan struct{}), make(chan int)
	go func() {
		<-never // WANT: close never never (nobody does); send never never (nobody does)
		close(ch)
	}()
	go func() {
		<-ch // WANT: close ch never (a goroutine that it waits for is not shown to end) by -3 of -6; send ch never (nobody does)
	}()
}

// chan.go: how sure a send is.
func SentByOther() {
	ch := make(chan int)
	go func() {
		ch <- 1 // WANT: receive ch itself by +3
	}()
	go func() {
		<-ch // WANT: close ch never (nobody does); send ch itself by -3 of -5
	}()
}

func SentOnOnePath() {
	ch := make(chan int, 1)
	go func() {
		if work() {
			return
		}
		ch <- 1 // WANT: receive ch itself
	}()
	<-ch // WANT: close ch never (nobody does); send ch only if (only on some paths) by -2 of -7
}

func Timer() {
	<-time.After(time.Second) // WANT: close time.After(time.Second) never (nobody does); time time.After(time.Second) itself
	t := time.NewTimer(time.Second)
	<-t.C // WANT: close t.C never (nobody does); time t.C itself
}

// chan.go: how sure it is that a value is taken.
func Room() {
	ch := make(chan int, 2)
	go func() {
		ch <- 1 // WANT: receive ch itself
		ch <- 2 // WANT: receive ch itself
	}()
}

func NoRoom() {
	ch := make(chan int, 1)
	go func() {
		ch <- 1 // WANT: receive ch unclear (nothing shows that somebody does)
		ch <- 2 // WANT: receive ch unclear (nothing shows that somebody does)
	}()
}

func RangedOver() {
	ch := make(chan int)
	go func() {
		ch <- 1 // WANT: receive ch itself
		close(ch)
	}()
	for range ch { // WANT: close ch itself by -2 of -5
		work()
	}
}

func ReceiverLeaves() {
	ch := make(chan int)
	go func() {
		ch <- 1 // WANT: receive ch only if (only on some paths) by +5
	}()
	if work() {
		return
	}
	<-ch // WANT: close ch never (nobody does); send ch unclear (a goroutine that it waits for is not shown to end) by -5 of -7
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
	go func() {
		<-own.Done() // WANT: cancel own.Done() surely by -7
	}()
	go func() {
		<-root.Done() // WANT: cancel root.Done() never (its context is one that is never cancelled)
	}()
	go func() {
		<-lost.Done() // WANT: cancel lost.Done() never (its cancel function is never called)
	}()
	go func() {
		<-timed.Done() // WANT: cancel timed.Done() perhaps
	}()
	go func() {
		<-left.Done() // WANT: cancel left.Done() only if (only on some paths) by +5 of -14
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
	go func() {
		defer wg.Done()
		work()
	}()
	wg.Wait() // WANT: join itself by -1
}

func JoinsForEver() {
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		defer wg.Done()
		for {
			work()
		}
	}()
	wg.Wait() // WANT: join never (a goroutine that it waits for is not shown to end) by -1
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
	go f.polls()
	go f.reads()
	go f.sleeps()
	return f
}

func (f *flagged) polls() {
	for !f.off.Load() {
		time.Sleep(time.Second)
	}
}

func (f *flagged) reads() {
	b := make([]byte, 8)
	for {
		if _, err := f.c.Read(b); err != nil { // WANT: close f.c.Close surely by +16
			return
		}
	}
}

func (f *flagged) sleeps() {
	f.mu.Lock()
	defer f.mu.Unlock()
	for !f.off.Load() {
		f.cond.Wait() // WANT: send f.cond itself by +7
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
	go func() {
		<-a // WANT: close a itself by +5 of -2
		close(b)
	}()
	go func() {
		<-b // WANT: close b itself by -3 of -6
		close(a)
	}()
}

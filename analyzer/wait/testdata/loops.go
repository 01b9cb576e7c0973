package loops

import (
	"bufio"
	"context"
	"errors"
	"net"
	"sync/atomic"
	"time"
)

func work() bool { return time.Now().Unix() > 3 }

var errBusy = errors.New("busy")

// bounds.go

func Bounded(list []int, m map[string]int, n int, text string, all func(func(int) bool)) {
	go func() {
		for range list {
			work()
		}
		for range m {
			work()
		}
		for range n {
			work()
		}
		for range text {
			work()
		}
		for i := 0; i < n; i++ {
			work()
		}
		for i, j := 0, n; i < j && work(); i, j = i+1, j-1 {
			work()
		}
	}()
	go func() {
		for i := 0; i < n; i++ {
			time.Sleep(time.Second)
		}
	}()
	go func() { // WANT: stays in unread at +0
		for range all {
			work()
		}
	}()
	go func() {
		for n > 1 { // only computes // WANT: loop: data itself
			n /= 2
		}
	}()
	go func() { // WANT: stays in loop at +2
	again:
		for range list { // WANT: loop: data never
			work()
		}
		goto again
	}()
	go func() { // WANT: stays in loop at +2
	again:
		for i := 0; i < n; i++ { // WANT: loop: data never
			work()
		}
		goto again
	}()
	go func() { // WANT: stays in loop at +1
		for i := 0; n > 3; i++ { // does not compare what it counts // WANT: loop: data
			work()
			time.Sleep(time.Second)
		}
	}()
}

// Computes waits for nothing, and what ends it changes from round to round.
type list struct {
	next *list
	n    int
}

func (l *list) step() { l.n-- }

func Computes(l *list, r *bufio.Scanner, flag *atomic.Int64) {
	go func() {
		for x := l; x != nil; x = x.next {
			work()
		}
	}()
	go func() {
		for l.n > 0 { // WANT: loop: data itself
			l.n--
		}
	}()
	go func() {
		for l.n > 0 { // WANT: loop: data itself
			l.step()
		}
	}()
	go func() {
		for { // WANT: loop: data itself
			if n := flag.Load(); flag.CompareAndSwap(n, n+1) {
				return
			}
		}
	}()
	go func() { // WANT: stays in loop at +1
		for l.n > 0 { // nothing in it changes that // WANT: loop: data
			work()
		}
	}()
	go func() { // WANT: stays in loop at +1
		for l.n > 0 { // WANT: loop: data
			l.n--
			time.Sleep(time.Second)
		}
	}()
}

// What another field gets changes nothing.
func StoresBeside(l *list) {
	go func() { // WANT: stays in loop at +1
		for l.n > 0 { // WANT: loop: data
			l.next = nil
		}
	}()
}

// FN_Deletes: what is deleted in the loop itself is not seen to change the map.
func FN_Deletes(m map[int]int) {
	go func() { // WANT: stays in loop at +1
		for len(m) > 0 { // WANT: loop: data
			delete(m, 1)
		}
	}()
}

func removes(m map[int]int) { delete(m, 1) }

func Removes(m map[int]int) {
	go func() {
		for len(m) > 0 { // WANT: loop: data itself
			removes(m)
		}
	}()
}

// loops.go

func NoExit() {
	go func() { // WANT: stays in loop at +1
		for { // WANT: loop: data never
			work()
		}
	}()
	go func() { // WANT: stays in loop at +1
		for { // WANT: loop: data never
			if work() {
				panic("no way out")
			}
		}
	}()
	go func() { // WANT: stays in loop at +2
		defer func() { recover() }()
		for { // WANT: loop: data
			if work() {
				panic("a way out")
			}
			time.Sleep(time.Second)
		}
	}()
}

// What covers each round ends the loop; what covers some rounds does not.
func Covers(ctx context.Context, quit chan struct{}, in chan int) {
	go func() { // WANT: stays in select at +2, loop at +1
		for { // WANT: loop: cancel ctx.Done() by who calls
			select { // WANT: select: cancel ctx.Done() by who calls, close in by who calls, send in by who calls
			case <-ctx.Done():
				return
			case <-in:
			}
		}
	}()
	go func() { // WANT: stays in select at +6, loop at +1
		for { // WANT: loop: data
			if work() {
				time.Sleep(time.Second)
				continue
			}
			select { // WANT: select: cancel ctx.Done() by who calls, close in by who calls, send in by who calls
			case <-ctx.Done():
				return
			case <-in:
			}
		}
	}()
	go func() { // WANT: stays in select at +3, select at +10, loop at +1, loop at +1
		for { // WANT: loop: cancel ctx.Done() by who calls, or otherwise; loop: close quit by who calls, send quit by who calls, or otherwise
			if work() {
				select { // WANT: select: cancel ctx.Done() by who calls, close in by who calls, send in by who calls
				case <-ctx.Done():
					return
				case <-in:
				}
				continue
			}
			select { // WANT: select: close quit by who calls, send quit by who calls, close in by who calls, send in by who calls
			case <-quit:
				return
			case <-in:
			}
		}
	}()
	go func() { // WANT: stays in select at +2, loop at +1
		for { // WANT: loop: cancel ctx.Done() by who calls, close quit by who calls, send quit by who calls
			select { // WANT: select: cancel ctx.Done() by who calls, close quit by who calls, send quit by who calls, close in by who calls, send in by who calls
			case <-ctx.Done():
				return
			case <-quit:
				return
			case <-in:
			}
		}
	}()
	go func() { // WANT: stays in receive at +4, loop at +1
		for ctx.Err() == nil { // WANT: loop: cancel ctx.Err() by who calls
			time.Sleep(time.Second)
		}
		<-quit // WANT: receive: close quit by who calls, send quit by who calls
	}()
}

// exits.go

func Exits(ctx context.Context, in chan int, quit chan struct{}) {
	go func() { // WANT: stays in select at +3, loop at +2
	loop:
		for { // WANT: loop: cancel ctx.Done() by who calls
			select { // WANT: select: cancel ctx.Done() by who calls, close in by who calls, send in by who calls
			case <-ctx.Done():
				break loop
			case <-in:
			}
		}
	}()
	go func() { // WANT: stays in loop at +1, select at +2
		for { // WANT: loop: data never
			select { // WANT: select: cancel ctx.Done() by who calls, close in by who calls, send in by who calls
			case <-ctx.Done():
				break // the select only
			case <-in:
			}
		}
	}()
	go func() { // WANT: stays in select at +2, loop at +1
		for done := false; !done; { // WANT: loop: cancel ctx.Done() by who calls, or otherwise
			select { // WANT: select: cancel ctx.Done() by who calls, close in by who calls, send in by who calls
			case <-ctx.Done():
				done = true
			case <-in:
			}
		}
	}()
	go func() { // WANT: stays in loop at +1
		for { // WANT: loop: cancel ctx.Done() by who calls
			select {
			case <-ctx.Done():
				return
			default:
			}
			time.Sleep(time.Second)
		}
	}()
	go func() {
		for { // WANT: loop: data itself
			select { // takes what is there
			case <-in:
			default:
				return
			}
		}
	}()
	go func() { // WANT: stays in receive at +1, loop at +1
		for range in { // WANT: receive: close in by who calls, send in by who calls; loop: close in by who calls
			work()
		}
	}()
	go func() { // WANT: stays in receive at +2, loop at +1
		for { // WANT: loop: close in by who calls
			if _, ok := <-in; !ok { // WANT: receive: close in by who calls, send in by who calls
				return
			}
		}
	}()
}

// FN_Ok: that the case of a closed channel leaves the loop is not seen if it asks first.
func FN_Ok(in chan int, quit chan struct{}) {
	go func() { // WANT: stays in select at +2, loop at +1
		for { // WANT: loop: data
			select { // WANT: select: close quit by who calls, send quit by who calls, close in by who calls, send in by who calls
			case _, ok := <-quit:
				if !ok {
					return
				}
			case <-in:
			}
		}
	}()
}

// A case of a channel that is closed is always there.
func DrainsClosed() {
	ch := make(chan int)
	go func() { // WANT: stays in loop at +1
		for { // WANT: loop: data
			select {
			case <-ch:
			default:
				return
			}
			time.Sleep(time.Second)
		}
	}()
	close(ch)
}

// Whether an error leads out.
func ExitsOnError(c net.Conn) {
	b := make([]byte, 8)
	go func() { // WANT: stays in loop at +1, call at +2
		for { // WANT: loop: close c by who calls, close c by who calls
			if _, err := c.Read(b); err != nil { // WANT: call: close c by who calls, close c by who calls
				return
			}
		}
	}()
	go func() { // WANT: stays in loop at +1, call at +2
		for { // WANT: loop: data never
			if _, err := c.Read(b); err != nil { // WANT: call: close c by who calls, close c by who calls
				continue
			}
			work()
		}
	}()
	go func() { // WANT: stays in loop at +1, call at +2
		for { // WANT: loop: close c by who calls, close c by who calls
			_, err := c.Read(b) // WANT: call: close c by who calls, close c by who calls
			if errors.Is(err, net.ErrClosed) {
				return
			}
		}
	}()
	go func() { // WANT: stays in call at +2, loop at +1
		for { // WANT: loop: data
			_, err := c.Read(b) // WANT: call: close c by who calls, close c by who calls
			if errors.Is(err, errBusy) {
				return
			}
		}
	}()
	go func() { // WANT: stays in loop at +1, call at +2
		for { // WANT: loop: close c by who calls, close c by who calls, or otherwise
			_, err := c.Read(b) // WANT: call: close c by who calls, close c by who calls
			if err != nil {
				if t, ok := err.(net.Error); ok && t.Timeout() {
					continue
				}
				return
			}
		}
	}()
}

// Another error than that of the call is asked.
func ExitsOnOther(c net.Conn, last error) {
	b := make([]byte, 8)
	go func() { // WANT: stays in call at +2, loop at +1
		for { // WANT: loop: data
			if _, err := c.Read(b); err != nil { // WANT: call: close c by who calls, close c by who calls
				if t, ok := last.(net.Error); ok && t.Timeout() {
					continue
				}
				return
			}
		}
	}()
}

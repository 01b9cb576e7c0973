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
	go func() { // WANT: ends
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
	go func() { // WANT: ends
		for i := 0; i < n; i++ {
			time.Sleep(time.Second)
		}
	}()
	go func() { // WANT: ends, if all returns
		for range all {
			work()
		}
	}()
	go func() { // WANT: ends
		for n > 1 { // only computes
			n /= 2
		}
	}()
	go func() { // WANT: stuck (the loop at +2 has no exit)
	again:
		for range list {
			work()
		}
		goto again
	}()
	go func() { // WANT: stuck (the loop at +2 has no exit)
	again:
		for i := 0; i < n; i++ {
			work()
		}
		goto again
	}()
	go func() { // WANT: ends, if the loop at +1 ends
		for i := 0; n > 3; i++ { // does not compare what it counts
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
	go func() { // WANT: ends
		for x := l; x != nil; x = x.next {
			work()
		}
	}()
	go func() { // WANT: ends
		for l.n > 0 {
			l.n--
		}
	}()
	go func() { // WANT: ends
		for l.n > 0 {
			l.step()
		}
	}()
	go func() { // WANT: ends
		for {
			if n := flag.Load(); flag.CompareAndSwap(n, n+1) {
				return
			}
		}
	}()
	go func() { // WANT: ends, if the loop at +1 ends
		for l.n > 0 { // nothing in it changes that
			work()
		}
	}()
	go func() { // WANT: ends, if the loop at +1 ends
		for l.n > 0 {
			l.n--
			time.Sleep(time.Second)
		}
	}()
}

// What another field gets changes nothing.
func StoresBeside(l *list) {
	go func() { // WANT: ends, if the loop at +1 ends
		for l.n > 0 {
			l.next = nil
		}
	}()
}

// FN_Deletes: what is deleted in the loop itself is not seen to change the map.
func FN_Deletes(m map[int]int) {
	go func() { // WANT: ends, if the loop at +1 ends
		for len(m) > 0 {
			delete(m, 1)
		}
	}()
}

func removes(m map[int]int) { delete(m, 1) }

func Removes(m map[int]int) {
	go func() { // WANT: ends
		for len(m) > 0 {
			removes(m)
		}
	}()
}

// loops.go

func NoExit() {
	go func() { // WANT: stuck (the loop at +1 has no exit)
		for {
			work()
		}
	}()
	go func() { // WANT: stuck (the loop at +1 has no exit)
		for {
			if work() {
				panic("no way out")
			}
		}
	}()
	go func() { // WANT: ends, if the loop at +2 ends
		defer func() { recover() }()
		for {
			if work() {
				panic("a way out")
			}
			time.Sleep(time.Second)
		}
	}()
}

// What covers each round ends the loop; what covers some rounds does not.
func Covers(ctx context.Context, quit chan struct{}, in chan int) {
	go func() { // WANT: stops by ctx.Done()
		for {
			select {
			case <-ctx.Done():
				return
			case <-in:
			}
		}
	}()
	go func() { // WANT: unknown (the loop at +1 ends when its data say so; it heeds ctx.Done())
		for {
			if work() {
				time.Sleep(time.Second)
				continue
			}
			select {
			case <-ctx.Done():
				return
			case <-in:
			}
		}
	}()
	go func() { // WANT: stops by all of ctx.Done(), quit
		for {
			if work() {
				select {
				case <-ctx.Done():
					return
				case <-in:
				}
				continue
			}
			select {
			case <-quit:
				return
			case <-in:
			}
		}
	}()
	go func() { // WANT: stops by ctx.Done(), quit
		for {
			select {
			case <-ctx.Done():
				return
			case <-quit:
				return
			case <-in:
			}
		}
	}()
	go func() { // WANT: stops by all of ctx.Err(), quit
		for ctx.Err() == nil {
			time.Sleep(time.Second)
		}
		<-quit
	}()
}

// exits.go

func Exits(ctx context.Context, in chan int, quit chan struct{}) {
	go func() { // WANT: stops by ctx.Done()
	loop:
		for {
			select {
			case <-ctx.Done():
				break loop
			case <-in:
			}
		}
	}()
	go func() { // WANT: stuck (the loop at +1 has no exit)
		for {
			select {
			case <-ctx.Done():
				break // the select only
			case <-in:
			}
		}
	}()
	go func() { // WANT: stops by ctx.Done()
		for done := false; !done; {
			select {
			case <-ctx.Done():
				done = true
			case <-in:
			}
		}
	}()
	go func() { // WANT: stops by ctx.Done()
		for {
			select {
			case <-ctx.Done():
				return
			default:
			}
			time.Sleep(time.Second)
		}
	}()
	go func() { // WANT: ends
		for {
			select { // takes what is there
			case <-in:
			default:
				return
			}
		}
	}()
	go func() { // WANT: ends, if in is closed
		for range in {
			work()
		}
	}()
	go func() { // WANT: ends, if in is closed and in is closed or sent on
		for {
			if _, ok := <-in; !ok {
				return
			}
		}
	}()
}

// FN_Ok: that the case of a closed channel leaves the loop is not seen if it asks first.
func FN_Ok(in chan int, quit chan struct{}) {
	go func() { // WANT: unknown (the loop at +1 ends when its data say so; it heeds quit)
		for {
			select {
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
	go func() { // WANT: ends, if the loop at +1 ends
		for {
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
	go func() { // WANT: ends, if c is closed
		for {
			if _, err := c.Read(b); err != nil {
				return
			}
		}
	}()
	go func() { // WANT: stuck (the loop at +1 has no exit)
		for {
			if _, err := c.Read(b); err != nil {
				continue
			}
			work()
		}
	}()
	go func() { // WANT: ends, if c is closed
		for {
			_, err := c.Read(b)
			if errors.Is(err, net.ErrClosed) {
				return
			}
		}
	}()
	go func() { // WANT: unknown (the loop at +1 ends when its data say so)
		for {
			_, err := c.Read(b)
			if errors.Is(err, errBusy) {
				return
			}
		}
	}()
	go func() { // WANT: ends, if c is closed
		for {
			_, err := c.Read(b)
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
	go func() { // WANT: unknown (the loop at +1 ends when its data say so)
		for {
			if _, err := c.Read(b); err != nil {
				if t, ok := last.(net.Error); ok && t.Timeout() {
					continue
				}
				return
			}
		}
	}()
}

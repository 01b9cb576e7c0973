// Package use receives what another package sends.
package use

import (
	"context"
	"io"
	"sync"
	"time"

	"module/lib"
)

func EarlyBad(n int) int {
	to := make(chan int)
	go lib.Get(to) // want "its send in lib.Get: the function that started it can return without receiving from to"
	if n > 5 {
		return 0
	}
	return <-to
}

func LateBad(ctx context.Context) int {
	to := make(chan int)
	go func() {
		lib.Get(to) // want "its send in lib.Get: the function that started it can return without receiving from to"
	}()
	select {
	case v := <-to:
		return v
	case <-ctx.Done():
		return 0
	}
}

func start(f func()) { go f() }

func TwiceBad() int {
	to := make(chan int, 1)
	start(func() { lib.Both(to) }) // want "there are 2 sends on to, but on one path only 1 of them is taken"
	select {
	case v := <-to:
		return v
	case <-time.After(time.Second):
		return 0
	}
}

func NobodyBad() {
	to := make(chan int)
	var wg sync.WaitGroup
	wg.Go(func() { lib.Get(to) }) // want "its send in lib.Get: nothing receives from to"
}

func TakenOk() int {
	to := make(chan int)
	go lib.Get(to)
	return <-to
}

func RoomOk(ctx context.Context) int {
	to := make(chan int, 2)
	go lib.Both(to)
	select {
	case v := <-to:
		return v
	case <-ctx.Done():
		return 0
	}
}

// Where done is closed, the value has been taken.
func DoneOk() {
	to, done := make(chan int), make(chan struct{})
	go lib.Done(to, done)
	for {
		select {
		case <-to:
		case <-done:
			return
		}
	}
}

func MaybeOk(n int) int {
	to := make(chan int)
	go lib.Maybe(to, n)
	if n > 5 {
		return 0
	}
	return <-to
}

func TryOk() {
	to := make(chan int)
	go lib.Try(to)
}

func EchoOk() {
	to := make(chan int)
	go lib.Echo(to)
}

// Others receive as well.
func SharedOk(n int, take func(chan int)) int {
	to := make(chan int)
	go lib.Get(to)
	if n > 5 {
		take(to)
		return 0
	}
	return <-to
}

// The rest is taken by who is left.
func DrainedOk(ctx context.Context) int {
	to := make(chan int)
	go lib.Get(to)
	defer func() { go func() { <-to }() }()
	select {
	case v := <-to:
		return v
	case <-ctx.Done():
		return 0
	}
}

func JoinedOk(n int) int {
	to := make(chan int)
	var wg sync.WaitGroup
	wg.Go(func() { lib.Get(to) })
	var sum int
	for range 1 {
		sum += <-to
	}
	wg.Wait()
	return sum
}

// The loop is left before all is taken.
func RangeLeavesBad(most int) {
	to := make(chan int, 1)
	go lib.Nine(to) // want "its send in lib.Nine: there are 9 sends on to, but on one path only 2 of them are taken"
	for v := range to {
		if v > most {
			break
		}
	}
}

func RangeLeavesLiteralBad(most int) {
	to := make(chan int)
	go func() { lib.Nine(to) }() // want "its send in lib.Nine"
	for v := range to {
		if v > most {
			return
		}
	}
}

func RangeAllOk() (sum int) {
	to := make(chan int, 1)
	go lib.Nine(to)
	for v := range to {
		sum += v
	}
	return sum
}

func RangeRoomOk(most int) {
	to := make(chan int, 9)
	go lib.Nine(to)
	for v := range to {
		if v > most {
			break
		}
	}
}

func RangeSomeOk(most int) {
	to := make(chan int)
	go lib.Some(to, most)
	for v := range to {
		if v == most {
			break
		}
	}
}

// Too little is read from the pipe.
func PipeBad() {
	r, w := io.Pipe()
	go lib.Lines(w) // want "goroutine can wait for ever in lib.Lines: of the pipe no more is read than once, and nobody closes its reader's end"
	r.Read(make([]byte, 2))
}

func PipeLiteralBad() {
	r, w := io.Pipe()
	go func() {
		lib.Lines(w) // want "goroutine can wait for ever in lib.Lines: of the pipe no more is read than once"
	}()
	r.Read(make([]byte, 2))
}

func PipeClosedOk() {
	r, w := io.Pipe()
	go lib.Lines(w)
	r.Read(make([]byte, 2))
	r.Close()
}

func PipeCopiedOk() {
	r, w := io.Pipe()
	go lib.Lines(w)
	io.Copy(io.Discard, r)
}

func PipeOnceOk() {
	r, w := io.Pipe()
	go lib.Line(w)
	r.Read(make([]byte, 2))
}

// A method that is given to another package as a value gives it its results.

type poller struct{ n int }

func (p *poller) StartOk() { lib.Subscribe(p.watch) }

func (p *poller) watch() (chan int, error) {
	c := make(chan int)
	go p.pollOk(c)
	return c, nil
}

func (p *poller) pollOk(to chan<- int) {
	defer close(to)
	for range p.n {
		to <- p.n
	}
}

func (p *poller) Poll() {
	to := make(chan int)
	go p.pollBad(to)
}

func (p *poller) pollBad(to chan<- int) {
	for range p.n {
		to <- p.n // want "nothing receives from to"
	}
}

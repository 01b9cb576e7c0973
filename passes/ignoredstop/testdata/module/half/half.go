// Package half holds loops that heed a stop in one of their waits.
package half

import (
	"bufio"
	"context"
	"sync"
	"time"
)

func item() int { return 1 }

// A channel that the caller gives.

func SendBad(ctx context.Context, to chan<- int) {
	go func() {
		for {
			select {
			case <-ctx.Done():
				return
			default:
			}
			to <- item() // want "while it sends on to: the loop around it heeds ctx"
		}
	}()
}

func PassBad(ctx context.Context, in <-chan int, to chan<- int) {
	go func() {
		for {
			select {
			case n := <-in:
				to <- n // want "while it sends on to: the loop around it heeds ctx"
			case <-ctx.Done():
				return
			}
		}
	}()
}

func ErrBad(ctx context.Context, to chan<- int) {
	go func() {
		for ctx.Err() == nil {
			to <- item() // want "sends on to: the loop around it heeds ctx"
		}
	}()
}

func ReceiveBad(ctx context.Context, in <-chan int) {
	go func() {
		for {
			select {
			case <-ctx.Done():
				return
			default:
			}
			println(<-in) // want "waits for in: the loop around it heeds ctx"
		}
	}()
}

func SelectBad(ctx context.Context, a, b <-chan int, work func()) {
	go func() {
		for ctx.Err() == nil {
			select { // want "waits in a select: the loop around it heeds ctx"
			case n := <-a:
				println(n)
			case n := <-b:
				println(n)
			}
			work()
		}
	}()
}

func SendOk(ctx context.Context, to chan<- int) {
	go func() {
		for {
			select {
			case <-ctx.Done():
				return
			case to <- item():
			}
		}
	}()
}

func TimeoutOk(ctx context.Context, to chan<- int) {
	go func() {
		for ctx.Err() == nil {
			select {
			case to <- item():
			case <-time.After(time.Second):
			}
		}
	}()
}

// The caller may close the channel to stop this.
func ClosedOk(ctx context.Context, in <-chan int) {
	go func() {
		for n := range in {
			if ctx.Err() != nil {
				return
			}
			println(n)
		}
	}()
}

// After the stop was seen.
func LastOk(ctx context.Context, over chan<- int) {
	go func() {
		for {
			select {
			case <-ctx.Done():
				over <- 1
				return
			case <-time.After(time.Second):
			}
		}
	}()
}

// A function that its callers start.

func ServeBad(ctx context.Context, to chan<- int) error {
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		to <- item() // want "function does not stop while it sends on to"
	}
}

// Generators.

func NumbersBad(ctx context.Context) <-chan int {
	out := make(chan int)
	go func() {
		defer close(out)
		for i := 0; ; i++ {
			if ctx.Err() != nil {
				return
			}
			out <- i // want "while it sends on out: the loop around it heeds ctx"
		}
	}()
	return out
}

func lines(ctx context.Context) <-chan int {
	out := make(chan int)
	go func() {
		defer close(out)
		for ctx.Err() == nil {
			out <- item()
		}
	}()
	return out
}

// All that is sent is taken.
func LinesOk(ctx context.Context) {
	for n := range lines(ctx) {
		println(n)
	}
}

func some(ctx context.Context) <-chan int {
	out := make(chan int)
	go func() {
		defer close(out)
		for ctx.Err() == nil {
			out <- item() // want "while it sends on out"
		}
	}()
	return out
}

func Some(ctx context.Context) {
	for n := range some(ctx) {
		if n > 1 {
			return
		}
	}
}

// The wait is in a callee.

type reader struct {
	lines chan string
	quit  chan struct{}
	once  sync.Once
}

func NewReader(lines chan string) *reader {
	return &reader{lines: lines, quit: make(chan struct{})}
}

func (r *reader) Start(ctx context.Context, in *bufio.Reader) {
	go func() {
		for {
			select {
			case <-ctx.Done():
				return
			default:
				if err := r.readBad(in); err != nil {
					return
				}
			}
		}
	}()
}

func (r *reader) readBad(in *bufio.Reader) error {
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return err
		}
		r.lines <- line // want "the loop that leads here heeds ctx"
	}
}

// A stop channel of the type.
func (r *reader) CopyBad(in <-chan string) {
	go func() {
		for {
			select {
			case l := <-in:
				r.lines <- l // want "the loop around it heeds r.quit"
			case <-r.quit:
				return
			}
		}
	}()
}

func (r *reader) Close() { r.once.Do(func() { close(r.quit) }) }

// Tokens come back.
func TokensOk(ctx context.Context, jobs <-chan func()) {
	sem := make(chan struct{}, 4)
	go func() {
		for {
			select {
			case <-ctx.Done():
				return
			case job := <-jobs:
				sem <- struct{}{}
				go func() {
					defer func() { <-sem }()
					job()
				}()
			}
		}
	}()
}

// A message has its own channel for the answer.
type message struct{ answer chan int }

func AnswerOk(ctx context.Context, in <-chan message) {
	go func() {
		for {
			select {
			case <-ctx.Done():
				return
			case m := <-in:
				m.answer <- item()
			}
		}
	}()
}

func (w *worker) ServeOk(ctx context.Context) {
	var m message
	for {
		select {
		case m = <-w.queue:
		case <-ctx.Done():
			return
		}
		m.answer <- item()
	}
}

type worker struct{ queue chan message }

// A receiver that waits for a tick as well stays until the close.
func TicksOk(ctx context.Context, names []string) {
	c := make(chan string)
	go func() {
		t := time.NewTicker(time.Second)
		defer t.Stop()
		for {
			select {
			case n, ok := <-c:
				if !ok {
					return
				}
				println(n)
			case <-t.C:
				println("tick")
			}
		}
	}()
	defer close(c)
	for {
		select {
		case <-ctx.Done():
			return
		default:
		}
		sendTo(c, names[0])
	}
}

func sendTo(c chan<- string, n string) { c <- n }

// The receiver never leaves.
func ForeverOk(ctx context.Context) {
	c := make(chan int)
	//killcheck:lifetime process -- it prints what comes
	go func() {
		for {
			println(<-c)
		}
	}()
	go func() {
		for ctx.Err() == nil {
			c <- item()
		}
	}()
}

// The goroutine that is waited for was started in the same round.
func RoundOk(ctx context.Context, work func() int) {
	go func() {
		for ctx.Err() == nil {
			c := make(chan int)
			go func() { c <- work() }()
			println(<-c)
		}
	}()
}

// The same stop ends the wait another way.
func OtherWayOk(ctx context.Context, in <-chan int) {
	over := make(chan struct{})
	context.AfterFunc(ctx, func() { close(over) })
	go func() {
		for ctx.Err() == nil {
			select {
			case n := <-in:
				println(n)
			case <-over:
				return
			}
		}
	}()
}

// The goroutine has raised the stop itself.

type session struct {
	in   chan int
	errs chan error
	done chan struct{}
	once sync.Once
}

func NewSession(errs chan error) *session {
	return &session{in: make(chan int), errs: errs, done: make(chan struct{})}
}

func (s *session) Start(work func(int) error) {
	go s.RunOk(work)
	go s.RunStopOk(work)
	go s.RunBad(work)
}

func (s *session) stop() { s.once.Do(func() { close(s.done) }) }

func (s *session) RunOk(work func(int) error) {
	for {
		select {
		case n := <-s.in:
			if err := work(n); err != nil {
				close(s.done)
				s.errs <- err
			}
		case <-s.done:
			return
		}
	}
}

func (s *session) RunStopOk(work func(int) error) {
	for {
		select {
		case n := <-s.in:
			if err := work(n); err != nil {
				s.stop()
				s.errs <- err
			}
		case <-s.done:
			return
		}
	}
}

func (s *session) RunBad(work func(int) error) {
	for {
		select {
		case n := <-s.in:
			if err := work(n); err != nil {
				s.errs <- err // want "while it sends on s.errs: the loop around it heeds s.done"
				s.stop()
			}
		case <-s.done:
			return
		}
	}
}

func CancelOk(parent context.Context, in <-chan int, errs chan<- error, work func(int) error) {
	ctx, cancel := context.WithCancel(parent)
	go func() {
		defer cancel()
		for {
			select {
			case n := <-in:
				if err := work(n); err != nil {
					cancel()
					errs <- err
				}
			case <-ctx.Done():
				return
			}
		}
	}()
}

func CancelBad(parent context.Context, in <-chan int, errs chan<- error, work func(int) error) {
	ctx, cancel := context.WithCancel(parent)
	go func() {
		defer cancel()
		for {
			select {
			case n := <-in:
				if err := work(n); err != nil {
					errs <- err // want "sends on errs: the loop around it heeds ctx"
				}
			case <-ctx.Done():
				return
			}
		}
	}()
}

// What is sent is the stop of the receiver.

func tell(quit <-chan struct{}, more <-chan time.Time) {
	for {
		select {
		case <-quit:
			return
		case <-more:
			println("more")
		}
	}
}

func QuitOk(ctx context.Context, in <-chan int) {
	quit := make(chan struct{})
	t := time.NewTicker(time.Second)
	go tell(quit, t.C)
	go func() {
		defer t.Stop()
		for {
			select {
			case <-in:
				quit <- struct{}{}
			case <-ctx.Done():
				close(quit)
				return
			}
		}
	}()
}

// The receiver may have left by the other stop.
func QuitBad(ctx context.Context, in <-chan int) {
	quit := make(chan struct{})
	go func() {
		for {
			select {
			case <-quit:
				return
			case <-ctx.Done():
				return
			case <-time.After(time.Second):
				println("tick")
			}
		}
	}()
	go func() {
		for {
			select {
			case <-in:
				quit <- struct{}{} // want "sends on quit: the loop around it heeds ctx"
			case <-ctx.Done():
				return
			}
		}
	}()
}

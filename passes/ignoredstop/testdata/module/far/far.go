// Package far starts loops of another package, and holds functions that others
// start.
package far

import (
	"context"
	"io"
	"time"

	"module/farlib"
)

func GivenBad(ctx context.Context) {
	go farlib.Sweep(ctx, time.Minute) // want "farlib.Sweep has no exit, though ctx is given to it"
}

func ChannelBad(in chan int) (stop func()) {
	quit := make(chan struct{})
	go farlib.Deaf(in, quit) // want "farlib.Deaf has no exit, though quit is given to it"
	return func() { close(quit) }
}

func AroundBad(ctx context.Context, ready func(context.Context)) {
	go func() {
		ready(ctx)
		farlib.Spin() // want "farlib.Spin has no exit, and ctx is in reach"
	}()
}

func PollOk(ctx context.Context, in chan int) {
	go farlib.Poll(ctx, time.Minute)
	go farlib.Drain(in, ctx.Done())
}

// A function that is given a context is started by its callers.

var count int

func ServeBad(ctx context.Context) error {
	for { // want "the loop has no exit, and ctx is in reach"
		count++
		time.Sleep(time.Second)
	}
}

func HoldBad(ctx context.Context) {
	println(ctx)
	select {} // want "select.. waits for nothing, and ctx is in reach"
}

func Calls(ctx context.Context) {
	println(ctx.Err())
	spinBad()
}

func spinBad() {
	for { // want "the loop has no exit, and it is given ctx"
		count++
	}
}

func FarBad(ctx context.Context) {
	println(ctx.Err())
	farlib.Spin() // want "the loop at farlib.go:20 in module.farlib.Spin has no exit, and it is given ctx"
}

type request struct{ ctx context.Context }

func (r *request) Context() context.Context { return r.ctx }

func HandlerBad(w io.Writer, r *request) {
	for { // want "the loop has no exit, and it is given r"
		if _, err := w.Write([]byte("ping")); err != nil {
			println("lost")
		}
		time.Sleep(time.Second)
	}
}

type stream interface {
	Context() context.Context
	Send(int) error
}

type service struct{}

func (*service) WatchBad(s stream) error {
	for { // want "the loop has no exit, and it is given s"
		_ = s.Send(1)
		time.Sleep(time.Second)
	}
}

func (*service) WatchOk(s stream) error {
	for {
		if err := s.Send(1); err != nil {
			return err
		}
		time.Sleep(time.Second)
	}
}

// What is given the context may end the goroutine.
func UnknownOk(ctx context.Context, step func(context.Context)) {
	for {
		step(ctx)
	}
}

// Querier is what some library has.
type Querier interface {
	Query(ctx context.Context, text string) error
}

// What is asked may heed the context; the loop goes on all the same.
func AsksBad(ctx context.Context, q Querier) {
	for { // want `\(ext\) function never returns: the loop has no exit, and ctx is in reach`
		q.Query(ctx, "x")
	}
}

func HeedsOk(ctx context.Context) {
	for ctx.Err() == nil {
		count++
		time.Sleep(time.Second)
	}
}

// It runs for the lifetime of the process.
func MeantOk(ctx context.Context) {
	for {
		count++
		time.Sleep(time.Second)
	}
}

// A context that is not looked at on purpose has no name.
func NamelessOk(_ context.Context) {
	for {
		count++
		time.Sleep(time.Second)
	}
}

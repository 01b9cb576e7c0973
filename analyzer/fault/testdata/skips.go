package skips

import (
	"context"
	"os"
	"sync/atomic"
	"time"

	"example.com/m/lib"
)

func work() bool { return time.Now().Unix() > 3 }

func try() error { return os.Chdir("/") }

// skipped.go

func Close() error {
	quit := make(chan struct{})
	go func() { // WANT: unknown (it waits for quit at +1, which is not raised before the return at +4)
		<-quit // WANT: skipped: quit by Close at +3
	}()
	if err := try(); err != nil {
		return err
	}
	close(quit)
	return nil
}

func CloseAlways() error {
	quit := make(chan struct{})
	defer close(quit)
	go func() { // WANT: stops by quit
		<-quit
	}()
	return try()
}

func Send() error {
	ch := make(chan int)
	go func() { // WANT: unknown (it waits for ch at +1, and nothing shows that the send at +6 comes)
		<-ch // WANT: skipped: ch by Send at +3
	}()
	if err := try(); err != nil {
		return err
	}
	ch <- 1
	return nil
}

func Cancel() error {
	ctx, cancel := context.WithCancel(context.Background())
	go func() { // WANT: unknown (the loop at +1 ends by ctx.Done(), which is not raised before the return at +11)
		for { // WANT: skipped: ctx.Done() by Cancel at +10
			select {
			case <-ctx.Done():
				return
			case <-time.After(time.Second):
				work()
			}
		}
	}()
	if err := try(); err != nil {
		return err
	}
	cancel()
	return nil
}

func CancelFar() error {
	ctx, cancel := context.WithCancel(context.Background())
	go lib.Run(ctx, func() {}) // WANT: unknown (the loop at lib.go in example.com/m/lib.Run ends by ctx.Done(), which is not raised before the return at +2); skipped: ctx.Done() by CancelFar at +2, far
	if err := try(); err != nil {
		return err
	}
	cancel()
	return nil
}

// What ends by its parent as well is not left out.
func CancelOfParent(ctx context.Context) error {
	own, cancel := context.WithCancel(ctx)
	go func() { // WANT: stops by own.Done()
		<-own.Done()
	}()
	if err := try(); err != nil {
		return err
	}
	cancel()
	return nil
}

// Another way out of the loop.
func CloseOrElse(in chan int) error {
	quit := make(chan struct{})
	go func() { // WANT: ends, if in is closed
		for {
			select {
			case <-quit:
				return
			case _, ok := <-in:
				if !ok {
					return
				}
			}
		}
	}()
	if err := try(); err != nil {
		return err
	}
	close(quit)
	return nil
}

// One of two channels.
func CloseOneOfTwo(b bool) error {
	quit, other := make(chan struct{}), make(chan struct{})
	some := quit
	if b {
		some = other
	}
	go func() { // WANT: unknown (it waits for some at +1, which is not raised before the return at +4)
		<-some
	}()
	if err := try(); err != nil {
		return err
	}
	close(quit)
	close(other)
	return nil
}

func Flag() error {
	off := false
	go func() { // WANT: stops by off
		for !off { // WANT: skipped: off by Flag at +5
			time.Sleep(time.Second) // WANT: flagged by off
		}
	}()
	if err := try(); err != nil {
		return err
	}
	off = true
	return nil
}

// FN_Flag: a flag behind a pointer is not followed.
func FN_Flag() error {
	off := new(atomic.Bool)
	go func() { // WANT: ends, if the loop at +1 ends
		for !off.Load() {
			time.Sleep(time.Second)
		}
	}()
	if err := try(); err != nil {
		return err
	}
	off.Store(true)
	return nil
}

// In main the process ends with it: see command.go.

// promised.go

func Sleeps(ctx context.Context) {
	for { // WANT: broken promise of ctx
		time.Sleep(time.Second)
	}
}

func Nothing(ctx context.Context) { select {} } // WANT: broken promise of ctx

func Heeds(ctx context.Context) {
	for ctx.Err() == nil {
		time.Sleep(time.Second)
	}
}

func FarSleeps(ctx context.Context) {
	lib.Sleeps() // WANT: broken promise of ctx: the loop at lib.go in example.com/m/lib.Sleeps has no exit
}

// Serves runs as long as the process.
func Serves(ctx context.Context) {
	for {
		time.Sleep(time.Second)
	}
}

type handler interface {
	Handle(ctx context.Context)
}

// What it is handed on to may heed it, though that ends no loop.
func Hands(ctx context.Context, h handler) {
	for { // WANT: broken promise of ctx, handed on
		h.Handle(ctx)
	}
}

// What the caller has given may end the goroutine.
func Runs(ctx context.Context, f func(context.Context)) {
	for {
		f(ctx)
	}
}

// An error of what it runs leads out.
func MayFail(ctx context.Context) error {
	for {
		if err := try(); err != nil {
			return err
		}
		time.Sleep(time.Second)
	}
}

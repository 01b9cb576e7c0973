// Package use receives what another package sends.
package use

import (
	"context"
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
	start(func() { lib.Both(to) }) // want "there are 2 sends on to, but on one path only 1 of them are taken"
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

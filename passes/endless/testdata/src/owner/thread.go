package owner

import (
	"context"
	"time"
)

// A chain of three, up to where a context lives.

func Serve(ctx context.Context, probe func()) {
	<-ctx.Done()
	one(probe)
}

func one(probe func()) { two(probe) }

func two(probe func()) { // the second
	go three(probe, time.Second)
}

func three(probe func(), d time.Duration) {
	threeBad(probe, d)
}

func threeBad(probe func(), d time.Duration) {
	for { // want `no exit`
		probe()
		time.Sleep(d)
	}
}

// An exported function, with callers that have a context and that have none.

// WatchBad watches in the background.
func WatchBad(d time.Duration, seen ...func()) int {
	n := len(seen)
	go func() {
		t := time.NewTicker(d)
		for { // want `no exit`
			select {
			case <-t.C:
				for _, f := range seen {
					f()
				}
			case <-time.After(time.Hour):
				n++
			}
		}
	}()
	return n
}

func WatchAll(ctx context.Context) {
	WatchBad(time.Second)
	<-ctx.Done()
}

func WatchMore() int { return WatchBad(time.Minute, func() {}) }

// A blocking receive from a channel that nobody closes.

type Feed struct{ in chan int }

func newFeed(use func(int)) *Feed {
	f := &Feed{in: make(chan int)}
	go f.readBad(use)
	return f
}

func (f *Feed) Put(n int) { f.in <- n }

func (f *Feed) readBad(use func(int)) {
	for { // want `no exit`
		n := <-f.in
		use(n)
	}
}

// A library that is not seen is given the channel: the range is turned, too.

// ObserveBad follows what add brings.
func ObserveBad(add func(chan<- int), f func(int)) {
	go func() {
		for { // want `no exit`
			events := make(chan int, 8)
			add(events)
			for n := range events {
				f(n)
			}
			time.Sleep(time.Second)
		}
	}()
}

// The function goes on by itself: a context that its caller cancels would end later
// than it does, so that there is no fix.

// MeasureBad measures n rounds.
func MeasureBad(n int, tick, round func()) {
	go func() {
		for { // want `no exit`
			tick()
			time.Sleep(time.Second)
		}
	}()
	for range n {
		round()
		time.Sleep(time.Minute)
	}
}

// Package farlib holds loops that another package starts.
package farlib

import (
	"context"
	"time"
)

var count int

// Sweep heeds nothing of its context.
func Sweep(ctx context.Context, every time.Duration) {
	for range time.Tick(every) { // want "nothing closes time.Tick.every.* and ctx is in reach"
		count++
	}
}

// Spin is not given one.
func Spin() {
	for {
		count++
	}
}

// Poll heeds its context.
func Poll(ctx context.Context, every time.Duration) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-time.After(every):
			count++
		}
	}
}

// Drain goes on until quit is closed.
func Drain(in <-chan int, quit <-chan struct{}) {
	for {
		select {
		case n := <-in:
			count += n
		case <-quit:
			return
		}
	}
}

// Deaf does not.
func Deaf(in <-chan int, quit <-chan struct{}) {
	for {
		count += <-in
	}
}

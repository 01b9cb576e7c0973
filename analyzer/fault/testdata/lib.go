// Package lib is what the others import: they learn of its waits by summaries.
package lib

import (
	"context"
	"sync/atomic"
	"time"
)

func Sleeps() {
	for {
		time.Sleep(time.Second)
	}
}

func Nothing() { select {} }

// Daemon runs as long as the process.
func Daemon() {
	for {
		time.Sleep(time.Second)
	}
}

func Run(ctx context.Context, f func()) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-time.After(time.Second):
			f()
		}
	}
}

func Deaf(ctx context.Context) {
	for { // WANT: broken promise of ctx
		time.Sleep(time.Second)
	}
}

func Waits(ch chan struct{}) { <-ch }

func Puts(ch chan int) { ch <- 1 }

func Polls(off *atomic.Bool) {
	for !off.Load() {
		time.Sleep(time.Second)
	}
}

// Own makes a context that nobody cancels.
func Own() {
	ctx := context.Background()
	for ctx.Err() == nil {
		time.Sleep(time.Second)
	}
}

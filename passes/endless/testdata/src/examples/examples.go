// Package examples has examples, and a goroutine that serves the package.
package examples

import (
	"sync/atomic"
	"time"
)

var seconds atomic.Int64

// StartClockBad keeps the time for all: nothing shows how often it is called.
func StartClockBad() {
	go func() {
		for { // want `no exit`
			seconds.Add(1)
			time.Sleep(time.Second)
		}
	}()
}

// Seconds returns the time.
func Seconds() int64 { return seconds.Load() }

type reporter struct{ lines chan string }

// ServeBad does not return, and what it starts lasts as long.
func (r *reporter) ServeBad(next func() string) {
	go func() {
		for { // want `no exit`
			r.lines <- next()
		}
	}()
	for {
		println(<-r.lines)
	}
}

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

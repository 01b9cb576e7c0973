// Package farlib waits for timers that others make.
package farlib

import "time"

// Ring waits for the timer.
func Ring(t *time.Timer) {
	<-t.C
	println("rings")
}

// RingOrLeave has another way out.
func RingOrLeave(t *time.Timer, quit chan struct{}) {
	select {
	case <-t.C:
	case <-quit:
	}
}

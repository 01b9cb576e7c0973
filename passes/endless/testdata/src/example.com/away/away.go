// Package away holds what loops of other packages call.
package away

import "time"

// Pause sleeps in steps, whatever happens meanwhile.
func Pause(d time.Duration) {
	for ; d > 0; d -= time.Second {
		time.Sleep(min(d, time.Second))
	}
}

// Count returns at once.
func Count(n int) int { return n + 1 }

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

// An App has a loop of its own.
type App struct{ todo chan func() }

// Update has the loop run the function, and waits until it has.
func (a *App) Update(f func()) {
	done := make(chan struct{})
	a.todo <- func() { f(); close(done) }
	<-done
}

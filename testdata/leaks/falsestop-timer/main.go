// Command falsestop-timer stops the timer that a goroutine is waiting for.
package main

import (
	"sync/atomic"
	"time"

	"example.com/leaks/judge"
)

type alarm struct {
	timer *time.Timer
	rang  atomic.Bool
}

func set(d time.Duration) *alarm {
	a := &alarm{timer: time.NewTimer(d)}
	go a.wait()
	return a
}

func (a *alarm) wait() {
	<-a.timer.C
	a.rang.Store(true)
}

// Stop disarms the alarm.
func (a *alarm) Stop() { a.timer.Stop() }

func main() {
	for range 3 {
		a := set(50 * time.Millisecond)
		a.Stop()
	}
	judge.Report()
}

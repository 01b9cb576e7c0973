// Command ok closes a channel beside stopping the timer.
package main

import (
	"sync/atomic"
	"time"

	"example.com/leaks/judge"
)

var alarms []*alarm

type alarm struct {
	timer *time.Timer
	off   chan struct{}
	rang  atomic.Bool
}

func set(d time.Duration) *alarm {
	a := &alarm{timer: time.NewTimer(d), off: make(chan struct{})}
	alarms = append(alarms, a)
	go a.wait()
	return a
}

func (a *alarm) wait() {
	select {
	case <-a.timer.C:
		a.rang.Store(true)
	case <-a.off:
	}
}

// Stop disarms the alarm.
func (a *alarm) Stop() {
	a.timer.Stop()
	close(a.off)
}

func main() {
	for range 2 {
		set(time.Minute).Stop()
	}
	judge.Report()
	alarms = nil
}

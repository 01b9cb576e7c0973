// Command leak stops the timer that a goroutine waits for, held by a list.
package main

import (
	"sync/atomic"
	"time"

	"example.com/leaks/judge"
)

var alarms []*alarm

type alarm struct {
	timer *time.Timer
	rang  atomic.Bool
}

func set(d time.Duration) *alarm {
	a := &alarm{timer: time.NewTimer(d)}
	alarms = append(alarms, a)
	go a.wait()
	return a
}

func (a *alarm) wait() {
	<-a.timer.C
	a.rang.Store(true)
}

// Stop disarms the alarm.
func (a *alarm) Stop() {
	a.timer.Stop()
}

func main() {
	for range 2 {
		set(time.Minute).Stop()
	}
	judge.Report()
	alarms = nil
}

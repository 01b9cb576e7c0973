// Command leak stops the timer that a goroutine waits for, held by a table.
package main

import (
	"sync/atomic"
	"time"

	"example.com/leaks/judge"
)

var alarms = map[string]*alarm{}

type alarm struct {
	timer *time.Timer
	rang  atomic.Bool
}

func set(name string, d time.Duration) *alarm {
	a := &alarm{timer: time.NewTimer(d)}
	alarms[name] = a
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
		set("egg", time.Minute).Stop()
		set("tea", time.Minute).Stop()
	}
	judge.Report()
	clear(alarms)
}

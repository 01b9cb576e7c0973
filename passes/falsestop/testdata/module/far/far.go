// Package far stops timers for which functions of another package wait.
package far

import (
	"time"

	"module/farlib"
)

func GoBad() {
	t := time.NewTimer(time.Minute)
	go farlib.Ring(t)
	t.Stop() // want `stop has no effect: after t.Stop nothing comes from t.C in farlib.Ring, and the goroutine waits for it for ever`
}

func LiteralBad() {
	t := time.NewTimer(time.Minute)
	go func() { farlib.Ring(t) }()
	t.Stop() // want `stop has no effect: after t.Stop nothing comes from t.C in farlib.Ring`
}

func JoinedOk() {
	t := time.NewTimer(time.Second)
	done := make(chan struct{})
	go func() {
		farlib.Ring(t)
		close(done)
	}()
	<-done
	t.Stop()
}

func ResetOk() {
	t := time.NewTimer(time.Minute)
	go farlib.Ring(t)
	if t.Stop() {
		t.Reset(0)
	}
}

func OtherWayOk(quit chan struct{}) {
	t := time.NewTimer(time.Minute)
	go farlib.RingOrLeave(t, quit)
	t.Stop()
}

func CalledOk() {
	t := time.NewTimer(time.Millisecond)
	farlib.Ring(t)
	t.Stop()
}

package uninterruptible

import (
	"context"
	"log"
	"time"
)

// A receive from a timer lasts as long as a sleep.
func pauseAfterBad(ctx context.Context) {
	go func() {
		<-time.After(time.Hour) // want `goroutine cannot stop while it waits for time.After\(time.Hour\): ctx does not end that, a select on both would`
		log.Print(ctx.Err())
	}()
}

type alarm struct {
	quit chan struct{}
	t    *time.Timer
}

func newAlarm() *alarm {
	a := &alarm{quit: make(chan struct{}), t: time.NewTimer(10 * time.Minute)}
	go a.ringBad()
	return a
}

func (a *alarm) ringBad() {
	<-a.t.C // want `goroutine cannot stop while it waits for a.t.C: a.quit does not end that, a select on both would`
	log.Print("rings")
}

func (a *alarm) Close() { close(a.quit) }

func pauseShortOk(ctx context.Context) {
	go func() {
		<-time.After(time.Second)
		log.Print(ctx.Err())
	}()
}

func pauseSelectOk(ctx context.Context) {
	go func() {
		select {
		case <-time.After(time.Hour):
		case <-ctx.Done():
		}
	}()
}

// The value may come at once: somebody sets the timer anew.
func pauseResetOk(ctx context.Context) {
	t := time.NewTimer(time.Hour)
	go func() {
		<-t.C
		log.Print(ctx.Err())
	}()
	t.Reset(0)
}

// After the stop it may take its time.
func pauseAfterStopOk(ctx context.Context) {
	go func() {
		<-ctx.Done()
		<-time.After(time.Minute)
		log.Print("late")
	}()
}

// Nothing receives from the channel that is to stop it.
func unheardBad() {
	quit := make(chan struct{})
	t := time.NewTimer(time.Hour)
	go func() {
		<-t.C // want `goroutine cannot stop while it waits in t.C, which can last 1h0m0s: quit is closed to stop it, and nothing receives from that`
		log.Print("rings")
	}()
	close(quit)
}

func unheardSleep(n int) {
	quit := make(chan struct{})
	go sleepsLongBad()
	defer func() {
		if n > 0 {
			close(quit)
		}
	}()
	log.Print(n)
}

func sleepsLongBad() {
	time.Sleep(time.Hour) // want `goroutine cannot stop while it waits in time.Sleep, which can last 1h0m0s: quit is closed to stop it, and nothing receives from that`
}

// Another goroutine hears it.
func heardOk() {
	quit := make(chan struct{})
	go func() {
		time.Sleep(90 * time.Second)
		log.Print("late")
	}()
	go func() { <-quit }()
	close(quit)
}

// It is handed out, and others may hear it.
func heardOutsideOk(tell func(chan struct{})) {
	quit := make(chan struct{})
	tell(quit)
	go func() {
		time.Sleep(time.Hour)
		log.Print("late")
	}()
	close(quit)
}

func unheardShortOk() {
	quit := make(chan struct{})
	go func() {
		time.Sleep(5 * time.Second)
		log.Print("late")
	}()
	close(quit)
}

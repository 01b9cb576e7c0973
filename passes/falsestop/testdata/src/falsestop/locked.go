package falsestop

import (
	"context"
	"sync"
	"time"
)

// Stop and receive exclude each other: one lock is held at both.

type throttle struct {
	mu sync.Mutex
	t  *time.Timer
}

func newThrottle() *throttle {
	t := &throttle{}
	go t.waitOk()
	return t
}

func (t *throttle) set(d time.Duration) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.stop()
	t.t = time.NewTimer(d)
}

func (t *throttle) stop() {
	if t.t != nil && !t.t.Stop() {
		<-t.t.C
	}
}

func (t *throttle) waitOk() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.t != nil {
		<-t.t.C
		t.t = nil
	}
}

// Only one of them holds the lock.

type open struct {
	mu sync.Mutex
	t  *time.Timer
}

func newOpen() *open {
	o := &open{t: time.NewTimer(time.Hour)}
	go o.wait()
	return o
}

func (o *open) stopBad() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.t.Stop() // want "stop has no effect: after o.t.Stop nothing comes from o.t.C"
}

func (o *open) wait() {
	<-o.t.C
}

func useLocked() {
	newThrottle().set(time.Second)
	newOpen().stopBad()
}

// The receive is over before anybody else has the timer.

type spent struct{ t *time.Timer }

func startSpent(stop chan struct{}) *spent {
	s := &spent{}
	go s.runOk(stop)
	return s
}

func (s *spent) runOk(stop chan struct{}) {
	s.t = emptied()
	<-stop
	s.halt()
}

func (s *spent) halt() { s.t.Stop() }

func (s *spent) Halt() { s.t.Stop() }

func emptied() *time.Timer {
	t := time.NewTimer(0)
	<-t.C
	return t
}

func SpentOk(stop chan struct{}) { startSpent(stop).Halt() }

// A timer for each round: what was received came from another.
func roundsOk(ctx context.Context, load func() error) {
	go func() {
		for {
			timer := time.NewTimer(time.Minute)
			select {
			case <-timer.C:
				if load() != nil {
					continue
				}
			case <-ctx.Done():
				if !timer.Stop() {
					<-timer.C
				}
			}
			break
		}
	}()
}

// One for all rounds.
func roundsBad(ctx context.Context, load func() error) {
	go func() {
		timer := time.NewTimer(time.Minute)
		for {
			select {
			case <-timer.C:
				if load() != nil {
					continue
				}
				timer.Reset(time.Minute)
			case <-ctx.Done():
				if !timer.Stop() {
					<-timer.C // want "stop does not end: timer.Stop is false as well"
				}
				return
			}
		}
	}()
}

func Rounds(ctx context.Context, load func() error) { roundsOk(ctx, load); roundsBad(ctx, load) }

// The goroutine has ended when the timer is stopped.
func joinedOk(d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	done := make(chan struct{})
	go func() {
		<-t.C
		close(done)
	}()
	<-done
}

func groupOk(d time.Duration) {
	t := time.NewTimer(d)
	var wg sync.WaitGroup
	wg.Go(func() { <-t.C })
	wg.Wait()
	t.Stop()
}

func notJoinedBad(d time.Duration) {
	t := time.NewTimer(d)
	done := make(chan struct{})
	go func() {
		<-t.C
		close(done)
	}()
	t.Stop() // want "stop has no effect: after t.Stop nothing comes from t.C"
	<-done
}

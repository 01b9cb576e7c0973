// Package kubernetes11298 is a fixed form: the service loop waits on the
// condition itself, for a flag that the abort sets before it wakes the loop.
package kubernetes11298

import (
	"sync"
	"time"
)

func after(f func()) <-chan struct{} {
	ch := make(chan struct{})
	go func() {
		defer close(ch)
		f()
	}()
	return ch
}

func until(f func(), period time.Duration, stop <-chan struct{}) {
	for {
		select {
		case <-stop:
			return
		default:
		}
		f()
		select {
		case <-stop:
		case <-time.After(period):
		}
	}
}

type notifier struct {
	lock    sync.Mutex
	cond    *sync.Cond
	aborted bool
}

func (n *notifier) serviceLoop() {
	n.lock.Lock()
	defer n.lock.Unlock()
	for !n.aborted {
		n.cond.Wait()
	}
}

func (n *notifier) signal() {
	n.lock.Lock()
	defer n.lock.Unlock()
	n.cond.Signal()
}

func (n *notifier) abort() {
	n.lock.Lock()
	defer n.lock.Unlock()
	n.aborted = true
	n.cond.Broadcast()
}

func notify(abort <-chan struct{}) {
	n := &notifier{}
	n.cond = sync.NewCond(&n.lock)
	finished := after(func() { until(n.signal, 0, abort) })
	after(func() {
		<-finished
		n.abort()
	})
	n.serviceLoop()
}

// Run notifies until it is aborted.
func Run() {
	done := make(chan struct{})
	notified := after(func() { notify(done) })
	go func() {
		defer close(done)
		time.Sleep(300 * time.Nanosecond)
	}()
	<-notified
}

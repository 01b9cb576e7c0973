// Package kubernetes26980 is a fixed form: pop releases the lock before it
// hands a notification over, and the stop wakes it from the condition.
package kubernetes26980

import "sync"

type listener struct {
	lock    sync.Mutex
	cond    *sync.Cond
	pending []interface{}
	next    chan interface{}
	stopped bool
}

func newListener() *listener {
	p := &listener{next: make(chan interface{})}
	p.cond = sync.NewCond(&p.lock)
	return p
}

func (p *listener) add(notification interface{}) {
	p.lock.Lock()
	defer p.lock.Unlock()
	p.pending = append(p.pending, notification)
	p.cond.Broadcast()
}

func (p *listener) pop(stopCh <-chan struct{}) {
	for {
		n, ok := p.take()
		if !ok {
			return
		}
		select {
		case <-stopCh:
			return
		case p.next <- n:
		}
	}
}

func (p *listener) take() (interface{}, bool) {
	p.lock.Lock()
	defer p.lock.Unlock()
	for len(p.pending) == 0 && !p.stopped {
		p.cond.Wait()
	}
	if p.stopped {
		return nil, false
	}
	n := p.pending[0]
	p.pending = p.pending[1:]
	return n, true
}

func (p *listener) stop(stopCh chan struct{}) {
	p.lock.Lock()
	defer p.lock.Unlock()
	p.stopped = true
	close(stopCh)
	p.cond.Broadcast()
}

// Run adds a notification, pops and stops.
func Run() {
	p := newListener()
	stopCh := make(chan struct{})
	defer p.stop(stopCh)
	p.add(1)
	go p.pop(stopCh)
	resultCh := make(chan struct{})
	go func() {
		p.lock.Lock()
		defer p.lock.Unlock()
		close(resultCh)
	}()
	<-resultCh
}

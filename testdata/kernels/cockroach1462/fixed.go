// Package cockroach1462 is a fixed form: the sender waits for the receiver and
// for the stop in one select, instead of a bare send in a default branch.
package cockroach1462

import "sync"

type stopper struct {
	stopper  chan struct{}
	stopped  chan struct{}
	stop     sync.WaitGroup
	mu       sync.Mutex
	drain    *sync.Cond
	draining bool
	numTasks int
}

func newStopper() *stopper {
	s := &stopper{stopper: make(chan struct{}), stopped: make(chan struct{})}
	s.drain = sync.NewCond(&s.mu)
	return s
}

func (s *stopper) runWorker(f func()) {
	s.stop.Add(1)
	go func() {
		defer s.stop.Done()
		f()
	}()
}

func (s *stopper) finishTask() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.numTasks--
	s.drain.Broadcast()
}

func (s *stopper) shouldStop() <-chan struct{} { return s.stopper }

func (s *stopper) quiesce() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.draining = true
	for s.numTasks > 0 {
		s.drain.Wait()
	}
}

func (s *stopper) Stop() {
	s.quiesce()
	close(s.stopper)
	s.stop.Wait()
	close(s.stopped)
}

type message int

type transport struct {
	events  chan message
	stopper *stopper
}

func newTransport(s *stopper) *transport {
	t := &transport{events: make(chan message), stopper: s}
	t.start()
	return t
}

func (t *transport) start() {
	t.stopper.runWorker(func() {
		for {
			select {
			case <-t.stopper.shouldStop():
				return
			case t.events <- message(0):
			}
		}
	})
}

func processEventsUntil(ch <-chan message, s *stopper) {
	for {
		select {
		case _, ok := <-ch:
			if !ok {
				return
			}
		case <-s.shouldStop():
			return
		}
	}
}

// Run connects two workers through a transport and stops them.
func Run() {
	s := newStopper()
	t := newTransport(s)
	s.mu.Lock()
	s.numTasks++
	s.mu.Unlock()
	s.runWorker(func() { processEventsUntil(t.events, s) })
	s.finishTask()
	s.Stop()
}

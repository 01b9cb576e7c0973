// Package cockroach1055 is a fixed form: the stopper releases its lock before
// it waits for the tasks, and each task that starts also finishes.
package cockroach1055

import "sync"

type stopper struct {
	stopper  chan struct{}
	stop     sync.WaitGroup
	mu       sync.Mutex
	draining bool
	drain    sync.WaitGroup
}

func (s *stopper) addWorker()                  { s.stop.Add(1) }
func (s *stopper) setStopped()                 { s.stop.Done() }
func (s *stopper) shouldStop() <-chan struct{} { return s.stopper }

func (s *stopper) setDraining(on bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.draining = on
}

func (s *stopper) quiesce() {
	s.setDraining(true)
	s.drain.Wait()
	s.setDraining(false)
}

func (s *stopper) Stop() {
	s.setDraining(true)
	s.drain.Wait()
	close(s.stopper)
	s.stop.Wait()
}

func (s *stopper) startTask() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.draining {
		return false
	}
	s.drain.Add(1)
	return true
}

func (s *stopper) finishTask() { s.drain.Done() }

// Run starts a task on each of two stoppers and stops both.
func Run() {
	var stoppers []*stopper
	for i := 0; i < 2; i++ {
		stoppers = append(stoppers, &stopper{stopper: make(chan struct{})})
	}
	for i := range stoppers {
		s := stoppers[i]
		s.addWorker()
		go func() {
			if s.startTask() {
				s.finishTask()
			}
			<-s.shouldStop()
			s.setStopped()
		}()
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		for _, s := range stoppers {
			s.quiesce()
		}
		for _, s := range stoppers {
			s.Stop()
		}
	}()
	<-done
}

// Package kubernetes10182 is a fixed form: the status is sent after the lock
// was released.
package kubernetes10182

import "sync"

type statusManager struct {
	lock     sync.RWMutex
	statuses int
	ch       chan bool
}

func (s *statusManager) start() {
	go func() {
		for i := 0; i < 2; i++ {
			s.syncBatch()
		}
	}()
}

func (s *statusManager) syncBatch() {
	<-s.ch
	s.deletePodStatus()
}

func (s *statusManager) deletePodStatus() {
	s.lock.Lock()
	defer s.lock.Unlock()
	s.statuses--
}

func (s *statusManager) setPodStatus() {
	s.lock.Lock()
	s.statuses++
	s.lock.Unlock()
	s.ch <- true
}

// Run sets two statuses that are synchronised in two batches.
func Run() {
	s := &statusManager{ch: make(chan bool)}
	go s.start()
	go s.setPodStatus()
	go s.setPodStatus()
}

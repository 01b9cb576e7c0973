// Package cockroach3710 is a fixed form: the replicas are copied under the read
// lock and processed without it.
package cockroach3710

import "sync"

type store struct {
	queue *baseQueue
	mu    struct {
		sync.RWMutex
		replicas []*replica
	}
}

func (s *store) all() []*replica {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return append([]*replica(nil), s.mu.replicas...)
}

func (s *store) forceScan() {
	for _, r := range s.all() {
		s.queue.maybeAdd(r)
	}
}

func (s *store) raftStatus() int {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return len(s.mu.replicas)
}

func (s *store) processRaft() {
	go func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.mu.replicas = s.mu.replicas[:1]
	}()
}

type replica struct{ store *store }

type baseQueue struct {
	sync.Mutex
	n int
}

func (bq *baseQueue) maybeAdd(r *replica) {
	bq.Lock()
	defer bq.Unlock()
	bq.n += r.store.raftStatus()
}

// Run scans the replicas while they are processed.
func Run() {
	s := &store{queue: &baseQueue{}}
	s.mu.replicas = []*replica{{s}, {s}}
	go s.forceScan()
	go s.processRaft()
}

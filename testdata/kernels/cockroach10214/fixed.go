// Package cockroach10214 is a fixed form: the heartbeats are taken under the
// store's lock and sent without it.
package cockroach10214

import "sync"

type store struct {
	coalescedMu struct {
		sync.Mutex
		responses []int
	}
	replicas map[int]*replica
}

func (s *store) sendQueuedHeartbeats() {
	s.coalescedMu.Lock()
	queued := s.coalescedMu.responses
	s.coalescedMu.responses = nil
	s.coalescedMu.Unlock()
	for range queued {
		s.sendToNode()
	}
}

func (s *store) sendToNode() {
	for _, r := range s.replicas {
		r.reportUnreachable()
	}
}

type replica struct {
	raftMu      sync.Mutex
	mu          sync.Mutex
	unreachable int
	store       *store
}

func (r *replica) reportUnreachable() {
	r.raftMu.Lock()
	defer r.raftMu.Unlock()
	r.unreachable++
}

func (r *replica) tick() {
	r.raftMu.Lock()
	defer r.raftMu.Unlock()
	r.mu.Lock()
	defer r.mu.Unlock()
	r.coalesceHeartbeat()
}

func (r *replica) coalesceHeartbeat() {
	r.store.coalescedMu.Lock()
	defer r.store.coalescedMu.Unlock()
	r.store.coalescedMu.responses = append(r.store.coalescedMu.responses, 1)
}

// Run sends heartbeats while a replica ticks.
func Run() {
	s := &store{replicas: map[int]*replica{}}
	s.coalescedMu.responses = []int{1, 2}
	for i := 0; i < 2; i++ {
		s.replicas[i] = &replica{store: s}
	}
	go s.sendQueuedHeartbeats()
	go s.replicas[0].tick()
}

// Package cockroach25456 is a fixed form: somebody closes the channel that the
// queue waits for.
package cockroach25456

type stopper struct{ quiescer chan struct{} }

func (s *stopper) shouldQuiesce() <-chan struct{} {
	if s == nil {
		return nil
	}
	return s.quiescer
}

func (s *stopper) Stop() { close(s.quiescer) }

type store struct {
	stopper *stopper
	queue   *consistencyQueue
}

type replica struct{ store *store }

type consistencyQueue struct{}

func (q *consistencyQueue) process(r *replica) {
	<-r.store.stopper.shouldQuiesce()
}

// Run processes a replica twice and stops the store.
func Run() {
	s := &store{stopper: &stopper{quiescer: make(chan struct{})}, queue: &consistencyQueue{}}
	r := &replica{store: s}
	go func() {
		for i := 0; i < 2; i++ {
			s.queue.process(r)
		}
	}()
	s.stopper.Stop()
}

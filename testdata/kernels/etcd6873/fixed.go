// Package etcd6873 is a fixed form: stop releases the lock before it waits for
// the goroutine that takes it.
package etcd6873

import "sync"

type broadcast struct{ n int }

type broadcasts struct {
	mu      sync.Mutex
	total   int
	updatec chan *broadcast
	donec   chan struct{}
}

func newBroadcasts() *broadcasts {
	b := &broadcasts{updatec: make(chan *broadcast, 1), donec: make(chan struct{})}
	go func() {
		defer close(b.donec)
		for u := range b.updatec {
			b.coalesce(u)
		}
	}()
	return b
}

func (b *broadcasts) coalesce(u *broadcast) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.total += u.n
}

func (b *broadcasts) stop() {
	b.mu.Lock()
	b.total = 0
	close(b.updatec)
	b.mu.Unlock()
	<-b.donec
}

func (b *broadcasts) update(u *broadcast) {
	select {
	case b.updatec <- u:
	default:
	}
}

// Run updates once and stops.
func Run() {
	b := newBroadcasts()
	b.update(&broadcast{1})
	go b.stop()
}

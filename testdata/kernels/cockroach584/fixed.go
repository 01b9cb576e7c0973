// Package cockroach584 is a fixed form: the lock is released before each break.
package cockroach584

import "sync"

type gossip struct {
	mu     sync.Mutex
	closed bool
}

func (g *gossip) bootstrap() {
	for {
		g.mu.Lock()
		if g.closed {
			g.mu.Unlock()
			break
		}
		g.mu.Unlock()
	}
}

func (g *gossip) manage() {
	for {
		g.mu.Lock()
		if g.closed {
			g.mu.Unlock()
			break
		}
		g.mu.Unlock()
	}
}

// Run lets a closed gossip go through both loops.
func Run() {
	g := &gossip{closed: true}
	go func() {
		g.bootstrap()
		g.manage()
	}()
}

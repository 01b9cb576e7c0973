// Package istio17860 is a fixed form: a proxy that ends does not wait for an
// agent that has ended.
package istio17860

import (
	"context"
	"sync"
	"time"
)

type agent struct {
	live     func() bool
	mu       sync.Mutex
	statusCh chan int
	done     chan struct{}
	epoch    int
	active   map[int]struct{}
}

func newAgent(live func() bool) *agent {
	return &agent{live: live, statusCh: make(chan int), done: make(chan struct{}), active: map[int]struct{}{}}
}

func (a *agent) Run(ctx context.Context) {
	defer close(a.done)
	for {
		select {
		case status := <-a.statusCh:
			a.mu.Lock()
			delete(a.active, status)
			active := len(a.active)
			a.mu.Unlock()
			if active == 0 {
				return
			}
		case <-ctx.Done():
			return
		}
	}
}

func (a *agent) restart() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.waitUntilLive()
	a.epoch++
	a.active[a.epoch] = struct{}{}
	go a.runWait(a.epoch)
}

func (a *agent) runWait(epoch int) {
	select {
	case a.statusCh <- epoch:
	case <-a.done:
	}
}

func (a *agent) waitUntilLive() {
	if len(a.active) == 0 || a.live() {
		return
	}
	interval := time.NewTicker(30 * time.Nanosecond)
	defer interval.Stop()
	timer := time.NewTimer(100 * time.Nanosecond)
	defer timer.Stop()
	for {
		select {
		case <-timer.C:
			return
		case <-interval.C:
			if a.live() {
				return
			}
		}
	}
}

// Run restarts a proxy twice and cancels the agent.
func Run() {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	a := newAgent(func() bool { return false })
	go a.Run(ctx)
	a.restart()
	go a.restart()
	time.Sleep(200 * time.Nanosecond)
}

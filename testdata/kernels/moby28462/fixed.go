// Package moby28462 is a fixed form: the monitor is stopped by a close, which
// does not wait for it.
package moby28462

import "sync"

type health struct{ stop chan struct{} }

func (s *health) openMonitorChannel() chan struct{} { return s.stop }

func (s *health) closeMonitorChannel() {
	if s.stop != nil {
		close(s.stop)
		s.stop = nil
	}
}

type container struct {
	sync.Mutex
	health *health
	probes int
}

type daemon struct{ ctr *container }

func (d *daemon) stateChanged() {
	d.ctr.Lock()
	defer d.ctr.Unlock()
	d.ctr.health.closeMonitorChannel()
}

func monitor(c *container, stop chan struct{}) {
	for {
		select {
		case <-stop:
			return
		default:
			handleProbeResult(c)
		}
	}
}

func handleProbeResult(c *container) {
	c.Lock()
	defer c.Unlock()
	c.probes++
}

// Run monitors a container until its state changes.
func Run() {
	c := &container{health: &health{make(chan struct{})}}
	d := &daemon{c}
	go monitor(c, c.health.openMonitorChannel())
	go d.stateChanged()
}

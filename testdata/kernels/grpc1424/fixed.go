// Package grpc1424 is a fixed form: the watcher closes the channel that says
// that it is done.
package grpc1424

import "sync"

type balancer interface{ Notify() <-chan bool }

type roundRobin struct{ addrCh chan bool }

func (rr *roundRobin) Notify() <-chan bool { return rr.addrCh }

type addrConn struct {
	mu   sync.Mutex
	down bool
}

func (ac *addrConn) tearDown() {
	ac.mu.Lock()
	defer ac.mu.Unlock()
	ac.down = true
}

type clientConn struct {
	balancer balancer
	conns    []*addrConn
}

func (cc *clientConn) lbWatcher(doneChan chan bool) {
	defer close(doneChan)
	for range cc.balancer.Notify() {
		for _, c := range cc.conns {
			c.tearDown()
		}
	}
}

func dial() {
	rr := &roundRobin{addrCh: make(chan bool)}
	cc := &clientConn{balancer: rr}
	waitC := make(chan error, 1)
	go func() {
		defer close(waitC)
		if cc.balancer.Notify() != nil {
			doneChan := make(chan bool)
			go cc.lbWatcher(doneChan)
			<-doneChan
		}
	}()
	close(rr.addrCh)
}

// Run dials and ends the balancer.
func Run() { dial() }

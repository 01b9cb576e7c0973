// Package etcd7902 is a fixed form: a client waits for the next round after it
// released the lock, and the leader says when there is no next round.
package etcd7902

import (
	"sync"
	"time"
)

type roundClient struct {
	progress int
	validate func()
	release  func()
	wait     func()
	finish   func()
}

func runElection() {
	rcs := make([]roundClient, 3)
	nextc := make(chan bool)
	over := make(chan bool)
	for i := range rcs {
		leader := i == 0
		var rcNextc chan bool
		rcs[i].validate = func() { rcNextc = nextc }
		rcs[i].release = func() {
			if leader {
				close(nextc)
				nextc = make(chan bool)
			}
		}
		rcs[i].wait = func() {
			select {
			case <-rcNextc:
			case <-over:
			}
		}
		rcs[i].finish = func() {
			if leader {
				close(over)
			}
		}
	}
	doRounds(rcs, 3)
}

func doRounds(rcs []roundClient, rounds int) {
	var mu sync.Mutex
	var wg sync.WaitGroup
	wg.Add(len(rcs))
	for i := range rcs {
		go func(rc *roundClient) {
			defer wg.Done()
			defer rc.finish()
			for rc.progress < rounds {
				mu.Lock()
				rc.validate()
				mu.Unlock()
				time.Sleep(time.Millisecond)
				rc.progress++
				mu.Lock()
				rc.release()
				mu.Unlock()
				rc.wait()
			}
		}(&rcs[i])
	}
	wg.Wait()
}

// Run holds an election.
func Run() { runElection() }

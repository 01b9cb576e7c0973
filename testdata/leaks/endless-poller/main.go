// Command endless-poller opens and closes metrics pollers. Close drops the
// samples and leaves the ticker loop running.
package main

import (
	"runtime"
	"sync"
	"time"

	"example.com/leaks/judge"
)

type poller struct {
	every time.Duration

	mu      sync.Mutex
	samples []int
}

func newPoller(every time.Duration) *poller {
	p := &poller{every: every}
	go p.loop()
	return p
}

func (p *poller) loop() {
	t := time.NewTicker(p.every)
	defer t.Stop()
	for range t.C {
		p.sample()
	}
}

func (p *poller) sample() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.samples = append(p.samples, runtime.NumGoroutine())
}

// Close forgets what was sampled.
func (p *poller) Close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.samples = nil
}

func main() {
	for range 3 {
		p := newPoller(5 * time.Millisecond)
		time.Sleep(20 * time.Millisecond)
		p.Close()
	}
	judge.Report()
}

// Command endless-metrics counts in the background. Close forgets the goroutine.
package main

import (
	"sync"
	"time"

	"example.com/leaks/judge"
)

type metrics struct {
	mu    sync.Mutex
	count map[string]int
}

func newMetrics(every time.Duration) *metrics {
	m := &metrics{count: make(map[string]int)}
	go m.report(every)
	return m
}

func (m *metrics) report(every time.Duration) {
	t := time.NewTicker(every)
	defer t.Stop()
	for range t.C {
		m.mu.Lock()
		clear(m.count)
		m.mu.Unlock()
	}
}

// Close forgets what was counted.
func (m *metrics) Close() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.count = nil
}

func main() {
	for range 2 {
		m := newMetrics(time.Millisecond)
		time.Sleep(3 * time.Millisecond)
		m.Close()
	}
	judge.Report()
}

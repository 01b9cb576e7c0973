// Command endless-sampler has meters that read a value at each tick. Close
// forgets the values; the ticks go on.
package main

import (
	"sync"
	"time"

	"example.com/leaks/judge"
)

type meter struct {
	mu     sync.Mutex
	values []int
}

func newMeter() *meter {
	m := &meter{}
	go m.sample(3 * time.Millisecond)
	return m
}

func (m *meter) sample(every time.Duration) {
	t := time.NewTicker(every)
	defer t.Stop()
	for n := 0; ; n++ {
		<-t.C
		m.mu.Lock()
		m.values = append(m.values, n)
		m.mu.Unlock()
	}
}

// Close drops the values.
func (m *meter) Close() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.values = nil
}

func main() {
	for range 3 {
		m := newMeter()
		time.Sleep(10 * time.Millisecond)
		m.Close()
	}
	judge.Report()
}

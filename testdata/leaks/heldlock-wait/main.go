// Command heldlock-wait holds the lock while it waits for workers that need it
// to finish.
package main

import (
	"sync"
	"time"

	"example.com/leaks/judge"
)

type group struct {
	mu   sync.Mutex
	wg   sync.WaitGroup
	done int
}

func (g *group) start(n int) {
	for range n {
		g.wg.Add(1)
		go g.work()
	}
}

func (g *group) work() {
	defer g.wg.Done()
	time.Sleep(5 * time.Millisecond)
	g.mu.Lock()
	g.done++
	g.mu.Unlock()
}

// Stop waits for the workers and resets the count.
func (g *group) Stop() {
	g.mu.Lock()
	g.wg.Wait()
	g.done = 0
	g.mu.Unlock()
}

func main() {
	for range 2 {
		var g group
		g.start(2)
		go g.Stop()
	}
	judge.Report()
}

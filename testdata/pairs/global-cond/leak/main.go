// Command leak waits on a package-level condition that nobody signals.
package main

import (
	"sync"
	"sync/atomic"
	"time"

	"example.com/leaks/judge"
)

var (
	mu    sync.Mutex
	ready = sync.NewCond(&mu)
	open  bool
)

type guest struct{ served atomic.Bool }

func (g *guest) enter() {
	mu.Lock()
	defer mu.Unlock()
	for !open {
		ready.Wait()
	}
	g.served.Store(true)
}

func openDoor() {
	mu.Lock()
	defer mu.Unlock()
	open = true
}

func invite(n int) {
	for range n {
		go new(guest).enter()
	}
	time.Sleep(5 * time.Millisecond)
}

func main() {
	for n := range 3 {
		invite(n)
	}
	openDoor()
	judge.Report()
}

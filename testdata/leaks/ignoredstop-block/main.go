// Command ignoredstop-block keeps what it has registered for as long as its context
// lasts, it says.
package main

import (
	"context"
	"sync"
	"time"

	"example.com/leaks/judge"
)

type registry struct {
	mu    sync.Mutex
	names map[string]bool
}

func (r *registry) hold(ctx context.Context, name string) {
	r.mu.Lock()
	r.names[name] = ctx.Err() == nil
	r.mu.Unlock()
	select {}
}

func session() {
	r := &registry{names: make(map[string]bool)}
	ctx, cancel := context.WithCancel(context.Background())
	go r.hold(ctx, "a")
	go r.hold(ctx, "b")
	time.Sleep(2 * time.Millisecond)
	cancel()
}

func main() {
	for range 2 {
		session()
	}
	judge.Report()
}

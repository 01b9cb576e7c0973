package flags

import (
	"context"
	"sync"
	"sync/atomic"
	"time"
)

func work() bool { return time.Now().Unix() > 3 }

// flagged.go: a stop by a flag, looked at in a helper as well

type flags struct {
	mu        sync.Mutex
	off, lost atomic.Bool
	plain     bool
}

func (f *flags) isOff() bool {
	f.mu.Lock() // WANT: flagged by plain
	defer f.mu.Unlock()
	return f.plain
}

func Flags(ctx context.Context) *flags {
	f := &flags{}
	go func() { // WANT: stops by f.off.Load()
		for !f.off.Load() { // WANT: flagged by f.off.Load()
			time.Sleep(time.Second) // WANT: flagged by f.off.Load()
		}
	}()
	go func() { // WANT: stops by plain
		for !f.isOff() { // WANT: flagged by plain
			time.Sleep(time.Second) // WANT: flagged by plain
		}
	}()
	go func() { // WANT: stops by ctx.Err(), f.off.Load()
		for !f.off.Load() && ctx.Err() == nil { // another stop
			time.Sleep(time.Second)
		}
	}()
	go func() { // WANT: stuck (the loop at +1 ends by f.lost.Load(), which nothing sets)
		for !f.lost.Load() { // WANT: dead loop: f.lost.Load(), which nothing sets
			time.Sleep(time.Second)
		}
	}()
	return f
}

func (f *flags) Close() {
	f.off.Store(true)
	f.mu.Lock()
	f.plain = true
	f.mu.Unlock()
}

// deadloop.go

func Dead(ctx context.Context) {
	root := context.Background()
	go func() { // WANT: stuck (the loop at +1 ends by root.Err(), whose context is never cancelled)
		for root.Err() == nil { // WANT: dead loop: root.Err(), whose context is never cancelled
			time.Sleep(time.Second)
		}
	}()
	lost, _ := context.WithCancel(root)
	go func() { // WANT: stuck (the loop at +1 ends by lost.Err(), whose context ends by a cancel function that nobody calls)
		for lost.Err() == nil { // WANT: dead loop: lost.Err(), whose context ends by a cancel function that nobody calls
			time.Sleep(time.Second)
		}
	}()
	go func() { // WANT: ends, if the loop at +1 ends
		for root.Err() == nil {
			if work() {
				return
			}
			time.Sleep(time.Second)
		}
	}()
}

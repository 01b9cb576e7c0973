// Package etcd10492 is a fixed form: Renew calls the checkpointer without the
// lock that the checkpointer takes.
package etcd10492

import (
	"context"
	"sync"
)

type checkpointer func(context.Context)

type lessor struct {
	mu          sync.RWMutex
	cp          checkpointer
	checkpoints int
}

func (le *lessor) checkpoint() {
	le.mu.Lock()
	defer le.mu.Unlock()
	le.checkpoints++
}

func (le *lessor) setCheckpointer(cp checkpointer) {
	le.mu.Lock()
	defer le.mu.Unlock()
	le.cp = cp
}

func (le *lessor) renew() {
	le.mu.RLock()
	cp := le.cp
	le.mu.RUnlock()
	if cp != nil {
		cp(context.Background())
	}
}

// Run renews a lease with a checkpointer.
func Run() {
	le := &lessor{}
	le.setCheckpointer(func(context.Context) { le.checkpoint() })
	go le.renew()
}

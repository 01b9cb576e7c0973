package farlib

import (
	"sync/atomic"
	"time"
)

// Poll goes round until the flag is set.
func Poll(over *atomic.Bool) {
	for !over.Load() {
		time.Sleep(time.Second)
	}
}

// Once sets the flag.
func Once(over *atomic.Bool) { over.Store(true) }

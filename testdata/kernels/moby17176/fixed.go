// Package moby17176 is a fixed form: the early return releases the lock, and
// the late test result has room.
package moby17176

import (
	"errors"
	"sync"
	"time"
)

type deviceSet struct {
	sync.Mutex
	deleted int
}

func (d *deviceSet) cleanup() error {
	d.Lock()
	defer d.Unlock()
	if d.deleted == 0 {
		return nil
	}
	return errors.New("devices left")
}

// Run cleans up and tests whether the lock is free.
func Run() {
	d := &deviceSet{}
	d.cleanup()
	done := make(chan bool, 1)
	go func() {
		d.Lock()
		defer d.Unlock()
		done <- true
	}()
	select {
	case <-time.After(time.Millisecond):
	case <-done:
	}
}

// Package kubernetes5316 is a fixed form: the result channels have room for a
// result that comes too late.
package kubernetes5316

import (
	"errors"
	"math/rand"
	"time"
)

func finishRequest(timeout time.Duration, fn func() error) {
	ch := make(chan bool, 1)
	errCh := make(chan error, 1)
	go func() {
		if err := fn(); err != nil {
			errCh <- err
		} else {
			ch <- true
		}
	}()
	select {
	case <-ch:
	case <-errCh:
	case <-time.After(timeout):
	}
}

// Run gives a slow request little time.
func Run() {
	fn := func() error {
		time.Sleep(2 * time.Millisecond)
		if rand.Intn(2) == 0 {
			return errors.New("failed")
		}
		return nil
	}
	go finishRequest(time.Microsecond, fn)
}

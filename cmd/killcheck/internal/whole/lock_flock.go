//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package whole

import (
	"context"
	"errors"
	"os"
	"syscall"
	"time"
)

// Lock waits for the lock of a folder, which the system gives back when
// its holder ends, however that happens. It returns nil if the file system has
// no locks.
func Lock(ctx context.Context, dir string) (*os.File, error) {
	d, err := os.Open(dir)
	if err != nil {
		return nil, nil // a folder that may be written but not read
	}
	for {
		err := syscall.Flock(int(d.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		switch {
		case err == nil:
			return d, nil
		case errors.Is(err, syscall.EINTR):
			continue
		case !errors.Is(err, syscall.EWOULDBLOCK):
			d.Close()
			return nil, nil
		}
		select {
		case <-ctx.Done():
			d.Close()
			return nil, ctx.Err()
		case <-time.After(10 * time.Millisecond):
		}
	}
}

// TryLock takes the lock of a folder if nobody holds it.
func TryLock(dir string) (lock *os.File, held bool) {
	d, err := os.Open(dir)
	if err != nil {
		return nil, false
	}
	if err := syscall.Flock(int(d.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		d.Close()
		return nil, false
	}
	return d, true
}

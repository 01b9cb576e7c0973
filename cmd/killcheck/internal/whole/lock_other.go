//go:build !(darwin || dragonfly || freebsd || linux || netbsd || openbsd)

package whole

import (
	"context"
	"os"
)

// Lock does nothing: this system has no lock that ends with its holder.
func Lock(context.Context, string) (*os.File, error) { return nil, nil }

// TryLock fails: nobody can tell whether another run is there.
func TryLock(string) (lock *os.File, held bool) { return nil, false }

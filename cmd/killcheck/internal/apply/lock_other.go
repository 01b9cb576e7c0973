//go:build !(darwin || dragonfly || freebsd || linux || netbsd || openbsd)

package apply

import (
	"context"
	"os"
)

// lockFolder does nothing: this system has no lock that ends with its holder.
func lockFolder(context.Context, string) (*os.File, error) { return nil, nil }

// tryLock fails: nobody can tell whether another run is there.
func tryLock(string) (lock *os.File, held bool) { return nil, false }

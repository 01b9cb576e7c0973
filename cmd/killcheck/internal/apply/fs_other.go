//go:build !unix

package apply

import (
	"errors"
	"os"
)

// openFlags are those that this system needs: none.
const openFlags = 0

// closeFirst says that a file must be closed before another takes its name.
const closeFirst = true

// writable says why a file must not be replaced, or nothing.
func writable(f *os.File, path string) error {
	info, err := f.Stat()
	if err != nil {
		return err
	}
	if info.Mode().Perm()&0o222 == 0 {
		return errors.New(reasonReadOnly)
	}
	if n, err := links(f); err == nil && n > 1 {
		return errors.New(reasonLinked)
	}
	w, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	return w.Close()
}

//go:build unix

package apply

import (
	"errors"
	"io/fs"
	"os"
	"syscall"
)

// openFlags keep an open from waiting and from following a link.
const openFlags = syscall.O_NONBLOCK | syscall.O_NOFOLLOW

// closeFirst says that a file must be closed before another takes its name.
const closeFirst = false

// writable says why a file must not be replaced, or nothing. Rights to the
// folder would be enough for that, but a file that is read-only is meant to be.
func writable(f *os.File, path string) error {
	info, err := f.Stat()
	if err != nil {
		return err
	}
	if st, ok := info.Sys().(*syscall.Stat_t); ok && st.Nlink > 1 {
		return errors.New(reasonLinked)
	}
	if info.Mode().Perm()&0o222 == 0 {
		return errors.New(reasonReadOnly)
	}
	// The kernel knows of access lists and read-only file systems.
	w, err := os.OpenFile(path, os.O_WRONLY|openFlags, 0)
	if errors.Is(err, fs.ErrPermission) || errors.Is(err, syscall.EROFS) {
		return errors.New(reasonReadOnly)
	}
	if err != nil {
		return err
	}
	return w.Close()
}

// Package whole writes files whole or not at all: at every moment a file holds its
// old text or its new one, whichever process is killed and whatever the disk says.
package whole

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
)

// Write gives a file a text. A link keeps leading where it does. What is no regular
// file, such as a device or a pipe, has no old text and is written to.
func Write(ctx context.Context, name string, text []byte) error {
	path, err := behind(name)
	if err != nil {
		return err
	}
	info, err := os.Stat(path)
	switch {
	case err == nil && !info.Mode().IsRegular():
		return writeInto(path, text)
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return err
	}
	keep := func(*os.File) error { return nil } // a new file has the mode that the user wants of new files
	perm := fs.FileMode(0o666)
	if err == nil {
		old, err := os.OpenFile(path, os.O_WRONLY, 0) // one that must not be written stays
		if err != nil {
			return err
		}
		defer old.Close()
		perm = 0o600
		keep = func(f *os.File) error {
			if keepOwner(f, old) == nil {
				return nil
			}
			return f.Chmod(info.Mode().Perm()) // as much as this user can
		}
	}
	dir := filepath.Dir(path)
	Sweep([]string{dir})
	lock, err := Lock(ctx, dir)
	if err != nil {
		return err
	}
	if lock != nil {
		defer lock.Close()
	}
	fresh, err := beside(path, text, perm, keep)
	if err != nil {
		if wrong := new(fs.PathError); errors.As(err, &wrong) {
			wrong.Path = path // nobody knows the other name
		}
		return err
	}
	if err := os.Rename(fresh, path); err != nil {
		_ = os.Remove(fresh) // else the next run does
		return err
	}
	return SyncFolder(dir)
}

// maxLinks is how many links may lead from one to the next.
const maxLinks = 40

// behind returns the name of the file that links lead to, which need not be there.
func behind(name string) (string, error) {
	path := name
	for range maxLinks {
		info, err := os.Lstat(path)
		if err != nil || info.Mode()&fs.ModeSymlink == 0 {
			return path, nil // the caller sees what is wrong
		}
		to, err := os.Readlink(path)
		if err != nil {
			return "", err
		}
		if !filepath.IsAbs(to) {
			to = filepath.Join(filepath.Dir(path), to)
		}
		if _, err := os.Lstat(to); err != nil {
			// The links of /proc lead to what has no name.
			if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
				return path, nil
			}
		}
		path = to
	}
	return "", &fs.PathError{Op: "write", Path: name, Err: errors.New("too many links")}
}

// writeInto writes to what keeps nothing.
func writeInto(path string, text []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_TRUNC, 0)
	if err != nil {
		return err
	}
	_, err = f.Write(text)
	return errors.Join(err, f.Close())
}

// temporary matches the names of temporary files. The go command ignores files
// whose names start with a dot, and those without a known ending.
var temporary = regexp.MustCompile(`^\.killcheck-[0-9]+\.tmp$`)

// Beside writes a text to a new file in the folder of another one, with its mode
// and owner, and down to the disk.
func Beside(like *os.File, path string, text []byte) (name string, err error) {
	return beside(path, text, 0o600, func(f *os.File) error { return keepOwner(f, like) })
}

func beside(path string, text []byte, perm fs.FileMode, keep func(*os.File) error) (name string, err error) {
	f, err := create(path, perm)
	if err != nil {
		return "", err
	}
	defer func() {
		if closed := f.Close(); err == nil {
			err = closed
		}
		if err != nil {
			_ = os.Remove(f.Name())
			name = ""
		}
	}()
	if _, err := f.Write(text); err != nil {
		return "", err
	}
	if err := keep(f); err != nil {
		return "", err
	}
	return f.Name(), f.Sync()
}

func create(path string, perm fs.FileMode) (*os.File, error) {
	for range 100 {
		name := fmt.Sprintf(".killcheck-%s.tmp", strconv.FormatUint(rand.Uint64(), 10))
		f, err := os.OpenFile(filepath.Join(filepath.Dir(path), name), os.O_WRONLY|os.O_CREATE|os.O_EXCL, perm)
		if !errors.Is(err, fs.ErrExist) {
			return f, err
		}
	}
	return nil, errors.New("cannot find a name for a temporary file beside it")
}

// Sweep removes the temporary files that a killed run has left in folders. It
// leaves those of a run that may still be there.
func Sweep(folders []string) {
	for _, dir := range folders {
		entries, err := os.ReadDir(dir)
		if err != nil || !slices.ContainsFunc(entries, isTemporary) {
			continue
		}
		sweep(dir)
	}
}

func isTemporary(e os.DirEntry) bool { return e.Type().IsRegular() && temporary.MatchString(e.Name()) }

// sweep removes temporary files from a folder in which nobody writes.
func sweep(dir string) {
	lock, held := TryLock(dir)
	if !held {
		return
	}
	defer lock.Close()
	entries, err := os.ReadDir(dir)
	if err != nil {
		return
	}
	for _, e := range entries {
		if isTemporary(e) {
			_ = os.Remove(filepath.Join(dir, e.Name())) // they do no harm
		}
	}
}

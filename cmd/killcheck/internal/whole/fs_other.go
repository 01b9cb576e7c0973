//go:build !unix

package whole

import "os"

// keepOwner gives a new file the mode of another. Whom it belongs to follows
// from the folder.
func keepOwner(f, like *os.File) error {
	info, err := like.Stat()
	if err != nil {
		return err
	}
	return os.Chmod(f.Name(), info.Mode().Perm())
}

// SyncFolder does nothing: this system has no way to do it.
func SyncFolder(string) error { return nil }

//go:build unix

package regular

import (
	"errors"
	"path/filepath"
	"syscall"
	"testing"
)

// TestNoDevice: neither a FIFO that nobody writes to nor a device is waited for.
func TestNoDevice(t *testing.T) {
	fifo := filepath.Join(t.TempDir(), "fifo")
	if err := syscall.Mkfifo(fifo, 0o666); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{fifo, "/dev/zero", "/dev/tty"} {
		if _, err := ReadFile(name, 1<<20); err == nil || (name != "/dev/tty" && !errors.Is(err, ErrNotRegular)) {
			t.Errorf("%s: %v", name, err)
		}
		// Should the name lead elsewhere after it was looked at.
		f, err := open(name)
		if err != nil {
			continue
		}
		info, err := f.Stat()
		if err := check(name, info, err, 1<<20); !errors.Is(err, ErrNotRegular) {
			t.Errorf("%s, opened: %v", name, err)
		}
		f.Close()
	}
}

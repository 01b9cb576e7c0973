package falsestop

import (
	"os"
	"syscall"
	"time"
)

// The file is in blocking mode: no deadline ends its read.
func deafBad(name string, raw func(int) error) (*os.File, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	if err := raw(int(f.Fd())); err != nil {
		return nil, err
	}
	return f, f.SetReadDeadline(time.Now().Add(time.Second)) // want `f.Fd has put the file in blocking mode`
}

// A deadline of no time takes away the one that was set: it is to stop nobody.
func clearedOk(name string, raw func(int) error) (*os.File, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	if err := raw(int(f.Fd())); err != nil {
		return nil, err
	}
	return f, f.SetReadDeadline(time.Time{})
}

var never time.Time

// A variable may hold any time.
func variableBad(f *os.File, raw func(int) error) error {
	if err := raw(int(f.Fd())); err != nil {
		return err
	}
	return f.SetReadDeadline(never) // want `f.Fd has put the file in blocking mode`
}

// The descriptor is put back into the mode in which deadlines work.
func polledOk(f *os.File, raw func(int) error) error {
	fd := int(f.Fd())
	if err := raw(fd); err != nil {
		return err
	}
	if err := syscall.SetNonblock(fd, true); err != nil {
		return err
	}
	return f.SetReadDeadline(time.Now().Add(time.Second))
}

func helpedOk(f *os.File) error {
	if err := unblock(int(f.Fd())); err != nil {
		return err
	}
	return f.SetReadDeadline(time.Now().Add(time.Second))
}

func unblock(fd int) error { return syscall.SetNonblock(fd, true) }

// It is put into the other mode.
func blockedBad(f *os.File) error {
	if err := syscall.SetNonblock(int(f.Fd()), false); err != nil {
		return err
	}
	return f.SetReadDeadline(time.Now().Add(time.Second)) // want `f.Fd has put the file in blocking mode`
}

type terminal struct {
	f  *os.File
	fd int
}

func (t *terminal) startOk() error {
	t.fd = int(t.f.Fd())
	if err := unblock(t.fd); err != nil {
		return err
	}
	return t.f.SetReadDeadline(time.Now().Add(time.Second))
}

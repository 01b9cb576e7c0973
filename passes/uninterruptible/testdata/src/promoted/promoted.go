package promoted

import (
	"context"
	"os"
	"syscall"
)

// The device is opened and read in one function, which can move.
func Device(ctx context.Context, path string, out chan<- byte) {
	go func() {
		for ctx.Err() == nil {
			b, err := readDeviceBad(path) // may be silent
			if err != nil {
				return
			}
			select {
			case out <- b:
			case <-ctx.Done():
				return
			}
		}
	}()
}

// readDeviceBad waits for a byte.
func readDeviceBad(path string) (byte, error) {
	fd, err := syscall.Open(path, syscall.O_RDWR, 0)
	if err != nil {
		return 0, err
	}
	defer syscall.Close(fd)
	var b [1]byte
	_, err = syscall.Read(fd, b[:]) // want `nothing ends it, ctx does not either`
	return b[0], err
}

// A descriptor means nothing in another process.
func Descriptor(ctx context.Context, fd int) {
	go func() {
		for ctx.Err() == nil {
			if readDescriptorBad(fd) != nil {
				return
			}
		}
	}()
}

func readDescriptorBad(fd int) error {
	var b [1]byte
	_, err := syscall.Read(fd, b[:]) // want `nothing ends it, ctx does not either`
	return err
}

var opened int

// What is counted in a child is not counted here.
func Counted(ctx context.Context) {
	go func() {
		for ctx.Err() == nil {
			if readCountedBad("/dev/input") != nil {
				return
			}
		}
	}()
}

func readCountedBad(path string) error {
	opened++
	fd, err := syscall.Open(path, syscall.O_RDWR, 0)
	if err != nil {
		return err
	}
	var b [1]byte
	_, err = syscall.Read(fd, b[:]) // want `nothing ends it, ctx does not either`
	return err
}

// A file is a handle of this process.
func File(ctx context.Context, f *os.File) {
	go func() {
		for ctx.Err() == nil {
			if readFileBad(f) != nil {
				return
			}
		}
	}()
}

func readFileBad(f *os.File) error {
	var b [1]byte
	_, err := syscall.Read(int(f.Fd()), b[:]) // want `nothing ends it, ctx does not either`
	return err
}

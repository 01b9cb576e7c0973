//go:build unix

package regular

import (
	"os"
	"syscall"
)

// open does not wait for the other end of a FIFO, nor for the carrier of a line.
func open(name string) (*os.File, error) {
	return os.OpenFile(name, os.O_RDONLY|syscall.O_NONBLOCK|syscall.O_NOCTTY|syscall.O_CLOEXEC, 0)
}

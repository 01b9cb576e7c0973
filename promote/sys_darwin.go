package promote

import (
	"io"
	"os"
	"syscall"
)

const (
	waitNoReap  = 0x20       // WNOWAIT
	bytesToRead = 0x4004667f // FIONREAD
)

// setDeathSignal does nothing: the system has no such signal.
func setDeathSignal(attr *syscall.SysProcAttr) {}

// executable is the file that this program was started from.
func executable() (string, error) { return os.Executable() }

// startedElevated returns ErrElevated if the kernel treats this program as
// set-user-id, even when it has given the user's rights up.
func startedElevated() error {
	if tainted, _, _ := syscall.Syscall(syscall.SYS_ISSETUGID, 0, 0, 0); tainted != 0 {
		return ErrElevated
	}
	return nil
}

// provePeer, proveParent and onlyParent have nothing to add to the handshake:
// package syscall does not tell a socket's peer on this system.
func provePeer(fd int) error                   { return nil }
func proveParent() error                       { return nil }
func onlyParent(f *os.File) (io.Reader, error) { return f, nil }

// getsOrphans: only the first process of the system gets orphans.
func getsOrphans() bool      { return false }
func reapSession(leader int) {}

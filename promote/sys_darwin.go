package promote

import (
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

// provePeer has nothing to add to the handshake: package syscall does not tell
// a socket's peer on this system.
func provePeer(fd int) error { return nil }

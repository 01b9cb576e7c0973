package promote

import (
	"fmt"
	"os"
	"syscall"
)

const (
	waitNoReap  = 0x01000000      // WNOWAIT
	bytesToRead = syscall.TIOCINQ // FIONREAD
)

// setDeathSignal wakes a stopped child when its parent dies, so that it can see
// that and end. The signal comes from the death of the thread that started the
// child, which may be long before the end of the program. Hence it must be a
// signal that does no harm, and SIGKILL would not do: it would also leave the
// child no time to kill its own children.
func setDeathSignal(attr *syscall.SysProcAttr) { attr.Pdeathsig = syscall.SIGCONT }

// executable is the running program, even if its file has been replaced. A
// child could not prove its parent without /proc, so there is no other way.
func executable() (string, error) {
	const self = "/proc/self/exe"
	if _, err := os.Stat(self); err != nil {
		return "", fmt.Errorf("/proc is needed: %w", err)
	}
	return self, nil
}

package promote

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
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

// executable is the running program, even if its file has been replaced.
func executable() (string, error) {
	const self = "/proc/self/exe"
	if _, err := os.Stat(self); err == nil {
		return self, nil
	}
	return os.Executable()
}

// provePeer asks the kernel who made the socket at fd: it must be the parent,
// with the same user and the same executable.
func provePeer(fd int) error {
	cred, err := syscall.GetsockoptUcred(fd, syscall.SOL_SOCKET, syscall.SO_PEERCRED)
	if err != nil {
		return fmt.Errorf("descriptor %d: %w", fd, err)
	}
	parent := os.Getppid()
	if int(cred.Pid) != parent {
		return fmt.Errorf("the peer is process %d, the parent is %d", cred.Pid, parent)
	}
	if int(cred.Uid) != os.Geteuid() {
		return fmt.Errorf("the parent's user is %d", cred.Uid)
	}
	own, err := os.Stat("/proc/self/exe")
	if err != nil {
		return nil // no /proc, no further proof
	}
	theirs, err := os.Stat("/proc/" + strconv.Itoa(parent) + "/exe")
	if errors.Is(err, os.ErrPermission) {
		// The kernel hides a parent with more privileges, such as file
		// capabilities, or one that has forbidden tracing.
		return nil
	}
	if err != nil {
		return fmt.Errorf("the parent's executable: %w", err)
	}
	if !os.SameFile(own, theirs) {
		return errors.New("the parent runs another executable")
	}
	// Started by way of /proc/self/exe, the process would be listed as "exe".
	// Only the listing suffers if this fails.
	if len(os.Args) > 0 {
		_ = os.WriteFile("/proc/self/comm", []byte(filepath.Base(os.Args[0])), 0)
	}
	return nil
}

//go:build linux || darwin

package promote

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"syscall"
	"time"
	"unsafe"
)

const (
	hintValue = "3,4,5" // of hintVariable

	dataFD  = 3
	lifeFD  = 4
	crashFD = 5
)

// inherit gives the child its three connections and a process group of its own.
func inherit(cmd *exec.Cmd, data duplex, life, crash *os.File) {
	cmd.ExtraFiles = []*os.File{data.r, life, crash} // descriptors 3, 4 and 5
	cmd.Env = append(os.Environ(), hintVariable+"="+hintValue)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	setDeathSignal(cmd.SysProcAttr)
}

// openInherited returns what this process was born with, or nil if it is not
// told to be a worker. It touches no descriptor before it knows that all of
// them are of this package.
func openInherited() (*inherited, error) {
	hint, told := os.LookupEnv(hintVariable)
	if !told {
		return nil, nil
	}
	if err := os.Unsetenv(hintVariable); err != nil {
		return nil, err
	}
	if hint != hintValue {
		return nil, fmt.Errorf("%s is %q", hintVariable, hint)
	}
	if syscall.Getpgrp() != os.Getpid() {
		return nil, errors.New("it does not lead its process group")
	}
	if err := elevated(); err != nil {
		return nil, err
	}
	for fd, mode := range map[int]uint32{dataFD: syscall.S_IFSOCK, lifeFD: syscall.S_IFIFO, crashFD: syscall.S_IFIFO} {
		var stat syscall.Stat_t
		if err := syscall.Fstat(fd, &stat); err != nil {
			return nil, fmt.Errorf("descriptor %d: %w", fd, err)
		}
		if uint32(stat.Mode)&syscall.S_IFMT != mode {
			return nil, fmt.Errorf("descriptor %d is of the wrong kind", fd)
		}
	}
	if err := provePeer(dataFD); err != nil {
		return nil, err
	}
	for _, fd := range []int{dataFD, lifeFD, crashFD} {
		syscall.CloseOnExec(fd) // the worker's own children must not hold them
	}
	for _, fd := range []int{dataFD, lifeFD} {
		if err := syscall.SetNonblock(fd, true); err != nil {
			return nil, err
		}
	}
	data := os.NewFile(dataFD, "promote data")
	return &inherited{
		data:  duplex{data, data},
		life:  os.NewFile(lifeFD, "promote life"),
		crash: os.NewFile(crashFD, "promote crash"),
	}, nil
}

// elevated returns an error if this program has, or had, more rights than the
// process that started it, and if that cannot be known.
func elevated() error {
	if os.Getuid() != os.Geteuid() || os.Getgid() != os.Getegid() {
		return ErrElevated
	}
	return startedElevated() // it may have given the user's rights up
}

// wake ends a read that waits, and all after it.
func wake(f *os.File) { _ = f.SetReadDeadline(time.Unix(1, 0)) }

// waiting returns how many bytes can be read at once.
func waiting(f *os.File) int {
	var n int32
	_ = control(f, func(fd uintptr) error {
		_, _, errno := syscall.Syscall(syscall.SYS_IOCTL, fd, bytesToRead, uintptr(unsafe.Pointer(&n)))
		if errno != 0 {
			return errno
		}
		return nil
	})
	return int(n) // zero if it cannot be known, such as of a closed file
}

// readNow reads what is there and does not heed a deadline. If nothing is, the
// error is io.EOF.
func readNow(f *os.File, p []byte) (n int, err error) {
	err = control(f, func(fd uintptr) error {
		for {
			n, err = syscall.Read(int(fd), p)
			if err != syscall.EINTR {
				return err
			}
		}
	})
	n = max(n, 0)
	if n == 0 && (err == nil || err == syscall.EAGAIN) {
		err = io.EOF
	}
	return n, err
}

// control calls do with the descriptor of f, which stays open meanwhile.
func control(f *os.File, do func(fd uintptr) error) error {
	raw, err := f.SyscallConn()
	if err != nil {
		return err
	}
	var done error
	if err := raw.Control(func(fd uintptr) { done = do(fd) }); err != nil {
		return err
	}
	return done
}

// newDuplex returns the parent's and the child's end of a socket pair.
func newDuplex() (parent, child duplex, err error) {
	syscall.ForkLock.RLock() // no child may start before the flags are set
	fds, err := syscall.Socketpair(syscall.AF_UNIX, syscall.SOCK_STREAM, 0)
	if err == nil {
		syscall.CloseOnExec(fds[0])
		syscall.CloseOnExec(fds[1])
	}
	syscall.ForkLock.RUnlock()
	if err != nil {
		return duplex{}, duplex{}, os.NewSyscallError("socketpair", err)
	}
	if err := syscall.SetNonblock(fds[0], true); err != nil {
		syscall.Close(fds[0])
		syscall.Close(fds[1])
		return duplex{}, duplex{}, os.NewSyscallError("fcntl", err)
	}
	p := os.NewFile(uintptr(fds[0]), "promote parent")
	c := os.NewFile(uintptr(fds[1]), "promote child")
	return duplex{p, p}, duplex{c, c}, nil
}

// A group is the child's process group. It may be signalled only while the
// child has not been reaped.
type group struct {
	leader  int
	session bool // it is a session as well, whose orphans come to this process
}

// prepare sees to it that the orphans of the child can be told from other
// children, if they come to this process.
func (g *group) prepare(cmd *exec.Cmd) {
	if g.session = getsOrphans(); g.session {
		cmd.SysProcAttr.Setpgid, cmd.SysProcAttr.Setsid = false, true
	}
}

// reapRest leaves no orphan of an ended child behind that came to this process.
func (g *group) reapRest() {
	if g.session {
		reapSession(g.leader)
	}
}

func (g *group) adopt(p *os.Process) error {
	g.leader = p.Pid
	return nil
}

// terminate and kill report no error: the group may be gone already.
func (g *group) terminate(life *os.File) { _ = syscall.Kill(-g.leader, syscall.SIGTERM) }
func (g *group) kill()                   { _ = syscall.Kill(-g.leader, syscall.SIGKILL) }
func (g *group) release()                {}

// status returns the signal that ended a process, or its exit status. The
// status is -1 if somebody else has reaped the process.
func (g *group) status(state *os.ProcessState) (os.Signal, int) {
	if state == nil {
		return nil, -1
	}
	if ws, ok := state.Sys().(syscall.WaitStatus); ok && ws.Signaled() {
		return ws.Signal(), -1
	}
	return nil, state.ExitCode()
}

// killOwnGroup ends this process and its children. It returns only if this
// process does not lead a group.
func killOwnGroup() {
	if syscall.Getpgrp() == os.Getpid() {
		_ = syscall.Kill(0, syscall.SIGKILL)
	}
}

// stopSignals ask a worker to stop.
func stopSignals() []os.Signal { return []os.Signal{syscall.SIGTERM} }

const (
	waitPID    = 1 // P_PID
	waitExited = 4 // WEXITED, the same on both systems
)

// awaitExit returns true when the process has ended and leaves it a zombie. It
// returns false at once if the system cannot wait in this way.
func (g *group) awaitExit(p *os.Process) bool {
	var info [16]uint64 // siginfo_t has 128 bytes at most
	for {
		_, _, errno := syscall.Syscall6(syscall.SYS_WAITID, waitPID, uintptr(p.Pid),
			uintptr(unsafe.Pointer(&info)), waitExited|waitNoReap, 0, 0)
		if errno != syscall.EINTR {
			return errno == 0
		}
	}
}

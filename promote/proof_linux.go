package promote

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"unsafe"
)

// A worker does what its peer says. It must not do that for somebody who could
// not do it himself, and not for another program by mistake. Neither the
// environment nor a descriptor proves anything, since whoever starts a program
// chooses both. What is asked here is the kernel:
//
//   - Did the start of this program add rights? Then it is no worker.
//   - Who made the socket, and who sent the greeting over it?
//   - What does the parent run, and which rights has it?

const (
	getAuxv = 0x41555856 // PR_GET_AUXV, since Linux 6.4

	auxEnd    = 0  // AT_NULL
	auxSecure = 23 // AT_SECURE
)

// startedElevated returns ErrElevated if the kernel says that the start of this
// program added rights: for the user or group of its file, for its capabilities,
// or for a rule of a security module. That stays known when the program has
// given them up.
func startedElevated() error {
	secure, err := auxiliary(auxSecure)
	if err != nil {
		return fmt.Errorf("whether it has more rights than its caller is not known: %w", err)
	}
	if secure != 0 {
		return ErrElevated
	}
	return nil
}

// auxiliary returns an entry of the vector that the kernel gave this program.
func auxiliary(key uintptr) (uintptr, error) {
	data := make([]byte, 4096)
	n, _, errno := syscall.Syscall6(syscall.SYS_PRCTL, getAuxv, uintptr(unsafe.Pointer(&data[0])), uintptr(len(data)), 0, 0, 0)
	if errno == 0 {
		data = data[:min(n, uintptr(len(data)))]
	} else {
		var err error
		if data, err = os.ReadFile("/proc/self/auxv"); err != nil {
			return 0, err
		}
	}
	return vectorEntry(data, key)
}

// vectorEntry finds an entry in pairs of a key and a value.
func vectorEntry(data []byte, key uintptr) (uintptr, error) {
	const word = int(unsafe.Sizeof(key))
	for ; len(data) >= 2*word; data = data[2*word:] {
		switch nativeWord(data) {
		case key:
			return nativeWord(data[word:]), nil
		case auxEnd:
			return 0, errors.New("not in the auxiliary vector")
		}
	}
	return 0, errors.New("the auxiliary vector is cut short")
}

func nativeWord(b []byte) uintptr {
	if unsafe.Sizeof(uintptr(0)) == 4 {
		return uintptr(binary.NativeEndian.Uint32(b))
	}
	return uintptr(binary.NativeEndian.Uint64(b))
}

// provePeer asks who made the socket at fd: it must be the parent, with the same
// user and group.
func provePeer(fd int) error {
	cred, err := syscall.GetsockoptUcred(fd, syscall.SOL_SOCKET, syscall.SO_PEERCRED)
	if err != nil {
		return fmt.Errorf("descriptor %d: %w", fd, err)
	}
	if err := checkSender("the peer", cred, os.Geteuid(), os.Getegid()); err != nil {
		return err
	}
	showName()
	return nil
}

func checkSender(who string, cred *syscall.Ucred, uid, gid int) error {
	switch parent := os.Getppid(); {
	case parent == 0:
		return errors.New("the parent is in another PID namespace")
	case int(cred.Pid) != parent:
		return fmt.Errorf("%s is process %d, the parent is %d", who, cred.Pid, parent)
	case int(cred.Uid) != uid || int(cred.Gid) != gid:
		return fmt.Errorf("%s has the user %d and the group %d, not %d and %d", who, cred.Uid, cred.Gid, uid, gid)
	}
	return nil
}

// proveParent asks what the parent is: it must run the same executable and have
// all the rights that this process has.
func proveParent() error {
	parent := "/proc/" + strconv.Itoa(os.Getppid())
	own, err := os.Stat("/proc/self/exe")
	if err != nil {
		return err
	}
	theirs, err := os.Stat(parent + "/exe")
	if err != nil {
		// The kernel hides it if the parent has given up rights, has more of
		// them, cannot be read, or has forbidden tracing.
		return fmt.Errorf("the parent's executable cannot be seen: %w", err)
	}
	if !os.SameFile(own, theirs) {
		return errors.New("the parent runs another executable")
	}
	ours, err := rightsOf("/proc/self")
	if err != nil {
		return err
	}
	given, err := rightsOf(parent)
	if err != nil {
		return fmt.Errorf("the parent's rights cannot be seen: %w", err)
	}
	if ours.ids != given.ids || ours.capabilities&^given.capabilities != 0 || ours.inheritable&^given.inheritable != 0 {
		return errors.New("the parent lacks the rights of this process")
	}
	return nil
}

// rights are those of a process.
type rights struct {
	ids                       string // users and groups, as the kernel lists them
	capabilities, inheritable uint64
}

func rightsOf(proc string) (rights, error) {
	status, err := os.ReadFile(proc + "/status")
	if err != nil {
		return rights{}, err
	}
	var r rights
	found := 0
	for line := range strings.Lines(string(status)) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), ":")
		value = strings.TrimSpace(value)
		found++
		switch name {
		case "Uid", "Gid", "Groups":
			r.ids += line
		case "CapPrm":
			r.capabilities, err = strconv.ParseUint(value, 16, 64)
		case "CapInh":
			r.inheritable, err = strconv.ParseUint(value, 16, 64)
		default:
			found--
		}
		if err != nil {
			return rights{}, fmt.Errorf("%s/status: %w", proc, err)
		}
	}
	if found != 5 {
		return rights{}, fmt.Errorf("%s/status lacks an entry", proc)
	}
	return r, nil
}

// onlyParent returns a reader of f that fails if anybody but the parent wrote
// the bytes. Bytes that were written before the call have no known writer.
func onlyParent(f *os.File) (io.Reader, error) {
	err := control(f, func(fd uintptr) error {
		return syscall.SetsockoptInt(int(fd), syscall.SOL_SOCKET, syscall.SO_PASSCRED, 1)
	})
	return parentReader{f}, err
}

type parentReader struct{ f *os.File }

func (r parentReader) Read(p []byte) (n int, err error) {
	raw, err := r.f.SyscallConn()
	if err != nil {
		return 0, err
	}
	// There is room for the sender and not for descriptors that he may send.
	sender := make([]byte, syscall.CmsgSpace(syscall.SizeofUcred))
	oobn, flags := 0, 0
	waitErr := raw.Read(func(fd uintptr) bool {
		for {
			n, oobn, flags, _, err = syscall.Recvmsg(int(fd), p, sender, syscall.MSG_CMSG_CLOEXEC)
			if err != syscall.EINTR {
				return err != syscall.EAGAIN
			}
		}
	})
	switch {
	case waitErr != nil:
		return 0, waitErr
	case err != nil:
		return 0, os.NewSyscallError("recvmsg", err)
	case n == 0:
		return 0, io.EOF
	case flags&syscall.MSG_CTRUNC != 0:
		return 0, errors.New("the greeting brings descriptors")
	}
	messages, err := syscall.ParseSocketControlMessage(sender[:oobn])
	if err != nil || len(messages) != 1 {
		return 0, errors.New("the greeting has no sender")
	}
	cred, err := syscall.ParseUnixCredentials(&messages[0])
	if err != nil {
		return 0, fmt.Errorf("the sender of the greeting: %w", err)
	}
	if err := checkSender("the sender of the greeting", cred, os.Getuid(), os.Getgid()); err != nil {
		return 0, err
	}
	return n, nil
}

// showName repairs the process list: started by way of /proc/self/exe, this
// process would be listed as "exe". Only the list suffers if this fails.
func showName() {
	if len(os.Args) > 0 {
		_ = os.WriteFile("/proc/self/comm", []byte(filepath.Base(os.Args[0])), 0)
	}
}

package promote

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"unsafe"
)

// inherit gives the child its four handles. The parent's greeting comes only
// after the child is in its job, so that the worker cannot start a process
// outside of it.
func inherit(cmd *exec.Cmd, data duplex, life, crash *os.File) {
	files := []*os.File{data.r, data.w, life, crash}
	var handles []syscall.Handle
	var names []string
	for _, f := range files {
		h := syscall.Handle(f.Fd())
		// If this fails the child does not find the handle and says so.
		_ = syscall.SetHandleInformation(h, syscall.HANDLE_FLAG_INHERIT, syscall.HANDLE_FLAG_INHERIT)
		handles = append(handles, h)
		names = append(names, strconv.FormatUint(uint64(h), 10))
	}
	cmd.Env = append(os.Environ(), hintVariable+"="+strings.Join(names, ","))
	cmd.SysProcAttr = &syscall.SysProcAttr{
		AdditionalInheritedHandles: handles,
		CreationFlags:              syscall.CREATE_NEW_PROCESS_GROUP,
	}
}

// openInherited returns what this process was born with, or nil if it is not
// told to be a worker.
func openInherited() (*inherited, error) {
	hint, told := os.LookupEnv(hintVariable)
	if !told {
		return nil, nil
	}
	if err := os.Unsetenv(hintVariable); err != nil {
		return nil, err
	}
	names := strings.Split(hint, ",")
	if len(names) != 4 {
		return nil, fmt.Errorf("%s is %q", hintVariable, hint)
	}
	var handles []syscall.Handle
	for _, n := range names {
		h, err := strconv.ParseUint(n, 10, 64)
		if err != nil {
			return nil, fmt.Errorf("%s is %q", hintVariable, hint)
		}
		kind, err := syscall.GetFileType(syscall.Handle(h))
		if err != nil || kind != syscall.FILE_TYPE_PIPE {
			return nil, fmt.Errorf("handle %d is not a pipe", h)
		}
		handles = append(handles, syscall.Handle(h))
	}
	var files []*os.File
	for _, h := range handles {
		syscall.CloseOnExec(h)
		files = append(files, os.NewFile(uintptr(h), "promote"))
	}
	return &inherited{data: duplex{files[0], files[1]}, life: files[2], crash: files[3]}, nil
}

// newDuplex returns the parent's and the child's ends of two pipes.
func newDuplex() (parent, child duplex, err error) {
	toChildR, toChildW, err := os.Pipe()
	if err != nil {
		return duplex{}, duplex{}, err
	}
	toParentR, toParentW, err := os.Pipe()
	if err != nil {
		toChildR.Close()
		toChildW.Close()
		return duplex{}, duplex{}, err
	}
	return duplex{toParentR, toChildW}, duplex{toChildR, toParentW}, nil
}

func executable() (string, error) { return os.Executable() }

// A program that gets more rights than its caller inherits no handle of it, so
// that there is nothing to prove beyond the handshake.
func elevated() error                          { return nil }
func proveParent() error                       { return nil }
func onlyParent(f *os.File) (io.Reader, error) { return f, nil }

// Nobody has to be woken from reading the last words of a child: all that could
// hold the other end of a pipe has ended with the child's job.
func wake(f *os.File)                           {}
func waiting(f *os.File) int                    { return 0 }
func readNow(f *os.File, p []byte) (int, error) { return 0, io.EOF }

var (
	kernel32           = syscall.NewLazyDLL("kernel32.dll")
	createJobObject    = kernel32.NewProc("CreateJobObjectW")
	setInformationJob  = kernel32.NewProc("SetInformationJobObject")
	assignProcessToJob = kernel32.NewProc("AssignProcessToJobObject")
	terminateJobObject = kernel32.NewProc("TerminateJobObject")
)

const (
	extendedLimitClass = 9          // JobObjectExtendedLimitInformation
	killOnJobClose     = 0x2000     // JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE
	processSetQuota    = 0x0100     // PROCESS_SET_QUOTA
	killedStatus       = 0xC000013A // the status of a process ended by Ctrl-C
)

// extendedLimit is JOBOBJECT_EXTENDED_LIMIT_INFORMATION.
type extendedLimit struct {
	perProcessUserTime, perJobUserTime int64
	limitFlags                         uint32
	minWorkingSet, maxWorkingSet       uintptr
	activeProcesses                    uint32
	affinity                           uintptr
	priority, scheduling               uint32
	_                                  [8 - unsafe.Sizeof(uintptr(0))]byte // C aligns the next field to 8 bytes on 32-bit systems
	io                                 [6]uint64
	processMemory, jobMemory           uintptr
	peakProcessMemory, peakJobMemory   uintptr
}

// A group is the job object that holds the child and its children. The system
// kills them when the last handle closes, which is the parent's.
type group struct{ job, process syscall.Handle }

func (g *group) prepare(cmd *exec.Cmd) {}

func (g *group) adopt(p *os.Process) error {
	job, _, err := createJobObject.Call(0, 0)
	if job == 0 {
		_ = p.Kill()
		return os.NewSyscallError("CreateJobObject", err)
	}
	g.job = syscall.Handle(job)
	limit := extendedLimit{limitFlags: killOnJobClose}
	if ok, _, err := setInformationJob.Call(job, extendedLimitClass, uintptr(unsafe.Pointer(&limit)), unsafe.Sizeof(limit)); ok == 0 {
		_ = p.Kill()
		return os.NewSyscallError("SetInformationJobObject", err)
	}
	h, err := syscall.OpenProcess(processSetQuota|syscall.PROCESS_TERMINATE|syscall.SYNCHRONIZE, false, uint32(p.Pid))
	if err != nil {
		_ = p.Kill() // it is in no job that kill could end
		return os.NewSyscallError("OpenProcess", err)
	}
	g.process = h
	if ok, _, err := assignProcessToJob.Call(job, uintptr(h)); ok == 0 {
		_ = p.Kill() // as above
		return os.NewSyscallError("AssignProcessToJobObject", err)
	}
	return nil
}

// terminate asks the worker to stop, over the pipe: there is no SIGTERM.
func (g *group) terminate(life *os.File) { _, _ = life.Write([]byte{1}) }

func (g *group) kill() {
	if g.job != 0 {
		_, _, _ = terminateJobObject.Call(uintptr(g.job), uintptr(killedStatus))
	}
}

func (g *group) reapRest() {}

func (g *group) release() {
	for _, h := range []syscall.Handle{g.job, g.process} {
		if h != 0 {
			syscall.CloseHandle(h)
		}
	}
	g.job, g.process = 0, 0
}

// status returns the signal that ended a process, or its exit status. A process
// that this package has killed counts as ended by os.Kill.
func (g *group) status(state *os.ProcessState) (os.Signal, int) {
	if state == nil {
		return nil, -1
	}
	if uint32(state.ExitCode()) == killedStatus {
		return os.Kill, -1
	}
	return nil, state.ExitCode()
}

// killOwnGroup ends nothing: the job does when the parent's handle closes.
func killOwnGroup() {}

func stopSignals() []os.Signal { return []os.Signal{os.Interrupt} }

// awaitExit returns true when the process has ended, and false at once if it
// has no handle; adopt has then killed the process.
func (g *group) awaitExit(p *os.Process) bool {
	if g.process == 0 {
		return false
	}
	event, err := syscall.WaitForSingleObject(g.process, syscall.INFINITE)
	return err == nil && event == syscall.WAIT_OBJECT_0
}

package promote

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"unsafe"
)

const (
	getSubreaper = 37         // PR_GET_CHILD_SUBREAPER
	waitAll      = 0x40000000 // __WALL
)

// getsOrphans reports whether processes whose parent has ended become children
// of this one, which then has to reap them: it is the first process of its
// namespace, or a subreaper.
func getsOrphans() bool {
	if os.Getpid() == 1 {
		return true
	}
	var subreaper int32
	_, _, errno := syscall.Syscall6(syscall.SYS_PRCTL, getSubreaper, uintptr(unsafe.Pointer(&subreaper)), 0, 0, 0, 0)
	return errno == 0 && subreaper != 0
}

// reapSession kills and reaps the members of a session, except for its leader,
// that are children of this process. The leader must be a zombie: that keeps the
// session's number, and what it left behind has come to this process. The end of
// one of them may bring its own children.
func reapSession(leader int) {
	for progress := true; progress; {
		progress = false
		for _, pid := range members(leader) {
			_ = syscall.Kill(pid, syscall.SIGKILL) // a child that has not been reaped keeps its number
			for {
				_, err := syscall.Wait4(pid, nil, waitAll, nil)
				if err == nil {
					progress = true
				}
				if err != syscall.EINTR {
					break
				}
			}
		}
	}
}

// members lists the children of this process in a session, without its leader.
func members(session int) []int {
	var found []int
	stats, _ := filepath.Glob("/proc/[0-9]*/stat") // the pattern is right
	for _, name := range stats {
		stat, err := os.ReadFile(name)
		if err != nil {
			continue // it has ended
		}
		end := strings.LastIndex(string(stat), ") ") // the name may hold anything
		if end < 0 {
			continue
		}
		pid, err := strconv.Atoi(filepath.Base(filepath.Dir(name)))
		f := strings.Fields(string(stat[end+2:])) // state, parent, group, session
		if err == nil && pid != session && len(f) > 3 && f[1] == strconv.Itoa(os.Getpid()) && f[3] == strconv.Itoa(session) {
			found = append(found, pid)
		}
	}
	return found
}

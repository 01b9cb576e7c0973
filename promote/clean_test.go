package promote

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strings"
	"sync"
	"testing"
	"time"
)

// leavesNothing fails the test if, when it ends, there are more goroutines,
// descriptors or child processes (zombies among them) than now.
func leavesNothing(t *testing.T) {
	t.Helper()
	gc := debug.SetGCPercent(-1) // the collector would close forgotten files
	goroutines, fds, children := runtime.NumGoroutine(), countFDs(t), childProcesses()
	t.Cleanup(func() {
		defer debug.SetGCPercent(gc)
		var left string
		for range 6000 { // a minute at least
			left = ""
			if n := runtime.NumGoroutine(); n > goroutines {
				buf := make([]byte, 1<<20)
				left += fmt.Sprintf("%d goroutines, were %d\n%s\n", n, goroutines, buf[:runtime.Stack(buf, true)])
			}
			if n := countFDs(t); n > fds {
				left += fmt.Sprintf("%d descriptors, were %d\n", n, fds)
			}
			if c := childProcesses(); len(c) > len(children) {
				left += fmt.Sprintf("children:\n%s\n", strings.Join(c, ""))
			}
			if left == "" {
				return
			}
			time.Sleep(10 * time.Millisecond)
		}
		t.Error("left behind: ", left)
	})
}

// countFDs counts the descriptors of this process, or returns 0 where they are
// not listed.
func countFDs(t *testing.T) int {
	list, err := os.ReadDir("/dev/fd")
	if err != nil {
		return 0
	}
	return len(list)
}

// childProcesses lists this process's children where there is a /proc.
func childProcesses() []string { return childrenOf(os.Getpid()) }

func childrenOf(parent int) []string {
	var found []string
	own := fmt.Sprintf(" %d ", parent)
	stats, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, name := range stats {
		stat, err := os.ReadFile(name)
		if err != nil {
			continue // ended in the meantime
		}
		_, after, _ := strings.Cut(string(stat), ") ")
		if len(after) > 1 && strings.HasPrefix(after[1:], own) {
			found = append(found, string(stat))
		}
	}
	return found
}

// size is how often a test does something.
func size(normal, short int) int {
	if testing.Short() {
		return short
	}
	return normal
}

// eventually waits until f is true.
func eventually(t *testing.T, what string, f func() bool) {
	t.Helper()
	for range 24000 { // two minutes at least: only a safety net
		if f() {
			return
		}
		time.Sleep(5 * time.Millisecond)
	}
	t.Fatalf("it never comes: %s", what)
}

type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

func (l *lockedBuffer) Reset() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.b.Reset()
}

//go:build linux || darwin

package promote

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

// leaver answers, and leaves a process outside of its group that holds all of
// its connections open.
var leaver = Register("leave", func(context.Context, struct{}) (int, error) {
	cmd := exec.Command("sleep", "1000")
	cmd.SysProcAttr = newSession()
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	for _, fd := range []int{dataFD, crashFD} {
		copied, err := syscall.Dup(fd)
		if err != nil {
			return 0, err
		}
		cmd.ExtraFiles = append(cmd.ExtraFiles, os.NewFile(uintptr(copied), "copy"))
	}
	err := cmd.Start()
	fmt.Fprint(os.Stderr, strings.Repeat("last words\n", 5000))
	return cmd.Process.Pid, err
})

// TestAnswerIsReadAfterTheEnd reads only when nothing of the child is left, and
// somebody else holds its connections.
func TestAnswerIsReadAfterTheEnd(t *testing.T) {
	leavesNothing(t)
	var stderr lockedBuffer
	c, err := startChild(t.Context(), newConfig([]Option{Stderr(&stderr)}), leaver.name, modeOnce)
	if err != nil {
		t.Fatal(err)
	}
	defer c.finish()
	if err := writeFrame(c.data, frameCall, c.next, []byte("{}")); err != nil {
		t.Fatal(err)
	}
	<-c.reaped
	f, err := readFrame(c.answers, c.next, maxControl)
	if err != nil || f.kind != frameResult {
		t.Fatalf("%q, %v", f, err)
	}
	var holder int
	if err := json.Unmarshal(f.payload, &holder); err != nil || holder <= 0 || !alive(holder) {
		t.Fatalf("nobody holds the connection, so the test shows little: %d, %v", holder, err)
	}
	defer syscall.Kill(holder, syscall.SIGKILL)
	if _, err := readFrame(c.answers, c.next, maxControl); err != io.EOF {
		t.Errorf("after the answer: %v", err)
	}
	if got := strings.Count(stderr.String(), "last words\n"); got != 5000 {
		t.Errorf("%d of 5000 lines on standard error", got)
	}
}

// TestSlowWriter: what the child wrote reaches a writer that takes its time.
func TestSlowWriter(t *testing.T) {
	leavesNothing(t)
	w := &gatedWriter{gate: make(chan struct{})}
	p, err := (&Worker[string, int]{name: noise.name, cfg: newConfig([]Option{Stdout(w), Stderr(w)})}).Start(t.Context(), strings.Repeat("x", 50_000))
	if err != nil {
		t.Fatal(err)
	}
	eventually(t, "the end of the child", func() bool { return !alive(p.PID()) })
	close(w.gate)
	if _, err := p.Wait(); err != nil || w.n != 50_000 {
		t.Errorf("%d bytes, %v", w.n, err)
	}
}

type gatedWriter struct {
	gate chan struct{}
	n    int // no lock: one goroutine writes
}

func (w *gatedWriter) Write(p []byte) (int, error) {
	<-w.gate
	w.n += len(p)
	return len(p), nil
}

func init() {
	plays["stopped parent"] = func() {
		for i := range stoppedCalls {
			fmt.Println("call", i)
			fmt.Println(awaiter.Run(context.Background(), filepath.Join(os.Getenv("PROMOTE_TEST_FILE"), strconv.Itoa(i))))
		}
	}
}

const stoppedCalls = 6

// TestParentStoppedAtTheEnd stops the parent while the child is started or
// works, and lets it go on when the child has ended.
func TestParentStoppedAtTheEnd(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("needs /proc to see the children of another process")
	}
	leavesNothing(t)
	dir := t.TempDir()
	cmd := playing(t, "stopped parent", "PROMOTE_TEST_FILE="+dir)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	for i := range stoppedCalls {
		if lines.Scan(); lines.Text() != "call "+strconv.Itoa(i) {
			t.Fatalf("the parent says %q", lines.Text())
		}
		file := filepath.Join(dir, strconv.Itoa(i))
		working := i%2 == 0 // or somewhere on the way there
		if working {
			eventually(t, "the call", func() bool { return exists(file + ".started") })
		}
		syscall.Kill(cmd.Process.Pid, syscall.SIGSTOP)
		if err := os.WriteFile(file, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		if working {
			eventually(t, "the end of the child", func() bool { return len(living(childrenOf(cmd.Process.Pid))) == 0 })
		}
		syscall.Kill(cmd.Process.Pid, syscall.SIGCONT)
		if lines.Scan(); lines.Text() != strconv.Itoa(i)+" <nil>" {
			t.Errorf("call %d: %q", i, lines.Text())
		}
	}
	if err := cmd.Wait(); err != nil {
		t.Error(err)
	}
}

// living leaves the zombies out of a list of processes.
func living(stats []string) []string {
	return slices.DeleteFunc(stats, func(stat string) bool { return strings.Contains(stat, ") Z ") })
}

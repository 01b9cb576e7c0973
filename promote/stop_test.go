//go:build linux || darwin

package promote

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// wantStopped checks that err is a stop with this cause, and returns how the
// child ended.
func wantStopped(t *testing.T, err, cause error) error {
	t.Helper()
	var se *StoppedError
	if !errors.As(err, &se) || !errors.Is(err, cause) {
		t.Fatalf("got %v, want a stop by %v", err, cause)
	}
	return se.Err
}

func wantSignal(t *testing.T, err error, s syscall.Signal) {
	t.Helper()
	var ke *KilledError
	if !errors.As(err, &ke) || ke.Signal != s {
		t.Errorf("got %v, want a child killed by %v", err, s)
	}
}

func TestTerminateEndsTheContext(t *testing.T) {
	leavesNothing(t)
	w, heard := listening(polite)
	p, err := w.Start(t.Context(), struct{}{})
	if err != nil {
		t.Fatal(err)
	}
	<-heard
	p.Terminate()
	p.Terminate()
	_, err = p.Wait()
	var fe *FuncError
	if e := wantStopped(t, err, ErrTerminated); !errors.As(e, &fe) || fe.Message != ErrTerminated.Error() {
		t.Errorf("the child ended by %v", e)
	}
}

// TestTerminateAtOnce may reach the child before its call.
func TestTerminateAtOnce(t *testing.T) {
	leavesNothing(t)
	p, err := polite.Start(t.Context(), struct{}{})
	if err != nil {
		t.Fatal(err)
	}
	p.Terminate()
	_, err = p.Wait()
	if e := wantStopped(t, err, ErrTerminated); !errors.As(e, new(*FuncError)) && !errors.As(e, new(*ExitError)) {
		t.Errorf("the child ended by %v", e)
	}
}

func TestContextStopsTheChild(t *testing.T) {
	leavesNothing(t)
	w, heard := listening(polite)
	ctx, cancel := context.WithCancelCause(t.Context())
	go func() {
		<-heard
		cancel(errNotFound)
	}()
	_, err := w.Run(ctx, struct{}{})
	wantStopped(t, err, errNotFound)
}

func TestSuccessAfterTerminateCounts(t *testing.T) {
	leavesNothing(t)
	w, heard := listening(late)
	p, err := w.Start(t.Context(), struct{}{})
	if err != nil {
		t.Fatal(err)
	}
	<-heard
	p.Terminate()
	if got, err := p.Wait(); got != "done" || err != nil {
		t.Errorf("%q, %v", got, err)
	}
}

func TestChildThatIgnoresTermination(t *testing.T) {
	leavesNothing(t)
	w, heard := listening(deaf)
	p, err := w.Start(t.Context(), struct{}{})
	if err != nil {
		t.Fatal(err)
	}
	<-heard
	p.Terminate()
	_, err = p.Wait()
	wantSignal(t, wantStopped(t, err, ErrTerminated), syscall.SIGKILL)
	if alive(p.PID()) {
		t.Error("the child is still there")
	}
}

func TestKill(t *testing.T) {
	leavesNothing(t)
	p, err := polite.Start(t.Context(), struct{}{})
	if err != nil {
		t.Fatal(err)
	}
	if p.State() != nil {
		t.Errorf("state of a running child: %v", p.State())
	}
	p.Kill()
	_, err = p.Wait()
	wantSignal(t, wantStopped(t, err, ErrKilled), syscall.SIGKILL)
}

func TestKillFromOutside(t *testing.T) {
	leavesNothing(t)
	p, err := polite.Start(t.Context(), struct{}{})
	if err != nil {
		t.Fatal(err)
	}
	syscall.Kill(p.PID(), syscall.SIGKILL)
	_, err = p.Wait()
	wantSignal(t, err, syscall.SIGKILL)
	if errors.As(err, new(*StoppedError)) {
		t.Errorf("nobody asked for a stop: %v", err)
	}
}

// alive reports whether there is a process that is not a zombie.
func alive(pid int) bool {
	if syscall.Kill(pid, 0) != nil {
		return false
	}
	stat, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	if err != nil {
		return runtime.GOOS != "linux"
	}
	_, after, _ := strings.Cut(string(stat), ") ")
	return !strings.HasPrefix(after, "Z")
}

func TestGrandchildrenDieWithTheChild(t *testing.T) {
	for _, test := range []struct {
		name, then string
		end        func(p *Process[int])
	}{
		{"the function returns", "return", func(*Process[int]) {}},
		{"terminated", "wait", func(p *Process[int]) { p.Terminate() }},
		{"terminated in vain", "spin", func(p *Process[int]) { p.Terminate() }},
		{"killed", "spin", func(p *Process[int]) { p.Kill() }},
		{"killed from outside", "spin", func(p *Process[int]) { syscall.Kill(p.PID(), syscall.SIGKILL) }},
	} {
		t.Run(test.name, func(t *testing.T) {
			leavesNothing(t)
			file := filepath.Join(t.TempDir(), "pids")
			p, err := forker.Start(t.Context(), forkOrder{file, test.then})
			if err != nil {
				t.Fatal(err)
			}
			var pids []int
			eventually(t, "three pids", func() (ok bool) { pids, err = readPIDs(file, 3); return err == nil })
			test.end(p)
			p.Wait()
			for _, pid := range pids {
				eventually(t, "the end of the grandchildren", func() bool { return !alive(pid) })
			}
		})
	}
}

func TestChildrenDieWithTheParent(t *testing.T) {
	for _, then := range []string{"wait", "spin", "stopped"} {
		t.Run(then, func(t *testing.T) {
			if then == "stopped" && runtime.GOOS != "linux" {
				t.Skip("only Linux wakes a stopped child when its parent dies")
			}
			leavesNothing(t)
			file := filepath.Join(t.TempDir(), "pids")
			cmd := playing(t, "parent", "PROMOTE_TEST_FILE="+file, "PROMOTE_TEST_THEN="+strings.Replace(then, "stopped", "wait", 1))
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			var pids []int
			eventually(t, "three pids", func() bool {
				var err error
				pids, err = readPIDs(file, 3)
				return err == nil
			})
			if then == "stopped" {
				syscall.Kill(pids[2], syscall.SIGSTOP) // it may be stopped before or after the parent dies
			}
			cmd.Process.Kill()
			cmd.Wait()
			for _, pid := range pids {
				eventually(t, "the end of parent's children", func() bool { return !alive(pid) })
			}
		})
	}
}

// TestBusyParentKilled kills a program that has children in all states, at
// random moments, some of them on their way to Init.
func TestBusyParentKilled(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("needs /proc to find the descendants of a dead process")
	}
	for i := range size(8, 2) {
		mark := "PROMOTE_TEST_MARK=" + strconv.Itoa(os.Getpid()) + "." + strconv.Itoa(i)
		cmd := playing(t, "busyparent", mark)
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		word := make([]byte, 4)
		out.Read(word)
		if string(word) != "busy" {
			t.Errorf("the parent says %q", word)
		}
		time.Sleep(time.Duration(i) * 7 * time.Millisecond)
		if n := len(marked(mark)); n < 5 {
			t.Errorf("only %d processes", n)
		}
		cmd.Process.Kill()
		cmd.Wait()
		eventually(t, "no orphan", func() bool { return len(marked(mark)) == 0 })
	}
}

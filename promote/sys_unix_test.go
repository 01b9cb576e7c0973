//go:build linux || darwin

package promote

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"syscall"
	"testing"
)

func newSession() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setsid: true} }

// TestEscapedGrandchild: a process outside the group is not killed, and though
// it holds the child's standard error, it does not hold up the call.
func TestEscapedGrandchild(t *testing.T) {
	leavesNothing(t)
	pid, err := escaper.Run(t.Context(), struct{}{})
	if err != nil {
		t.Fatal(err)
	}
	if !alive(pid) {
		t.Error("the process did not escape, so the test shows nothing")
	}
	syscall.Kill(pid, syscall.SIGKILL)
}

// fewDescriptors lets each step of a start run out of descriptors in turn.
func fewDescriptors() {
	adder := &Worker[pair, int]{name: add.name, cfg: newConfig([]Option{Stdout(&lockedBuffer{}), Stderr(&lockedBuffer{})})}
	if _, err := adder.Run(context.Background(), pair{}); err != nil { // opens what stays open
		fmt.Println(err)
	}
	highest, err := os.Open(os.DevNull)
	if err != nil {
		fmt.Println(err)
		return
	}
	first := int(highest.Fd())
	highest.Close()
	failed, succeeded := 0, 0
	for more := range 30 {
		limit := syscall.Rlimit{Cur: uint64(first + more), Max: 1000}
		if err := syscall.Setrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil {
			fmt.Println(err)
			return
		}
		_, err := adder.Run(context.Background(), pair{1, 2})
		switch {
		case err == nil:
			succeeded++
		case errors.As(err, new(*StartError)) && errors.Is(err, syscall.EMFILE):
			failed++
		default:
			fmt.Println("with", more, "descriptors:", err)
		}
		again, err := os.Open(os.DevNull)
		if err != nil {
			continue
		}
		if int(again.Fd()) != first {
			fmt.Println("descriptor", first, "is taken after a start with", more)
		}
		again.Close()
	}
	fmt.Println(failed > 5, succeeded > 5)
}

func TestTooFewDescriptors(t *testing.T) {
	out, err := playing(t, "few descriptors").CombinedOutput()
	if err != nil || string(out) != "true true\n" {
		t.Errorf("%v\n%s", err, out)
	}
}

func TestStandardErrorByDefault(t *testing.T) {
	var stdout, stderr lockedBuffer
	cmd := playing(t, "noisy")
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil || stdout.String() != "true\n" {
		t.Errorf("%v\n%s", err, stdout.String())
	}
	if want := "panic: the roof is on fire"; !strings.Contains(stderr.String(), want) {
		t.Errorf("standard error lacks %q:\n%s", want, stderr.String())
	}
}

func dropRights() {
	if err := errors.Join(syscall.Setgid(syscall.Getgid()), syscall.Setuid(syscall.Getuid())); err != nil {
		fmt.Println(err)
	}
}

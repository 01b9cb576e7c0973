//go:build linux || darwin

package promote

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
)

// playing returns a command that runs the test binary in some part.
func playing(t *testing.T, part string, env ...string) *exec.Cmd {
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(exe)
	cmd.Env = append(append(os.Environ(), playVariable+"="+part), env...)
	return cmd
}

func TestWithoutInitNothingIsStarted(t *testing.T) {
	out, err := playing(t, "noinit").CombinedOutput()
	if err != nil || !strings.HasPrefix(string(out), "true promote: not initialised") {
		t.Errorf("%v\n%s", err, out)
	}
}

func TestVariableAloneIsNoProof(t *testing.T) {
	leavesNothing(t)
	if out, err := playing(t, "none").CombinedOutput(); err != nil || string(out) != "ordinary\n" {
		t.Fatalf("without the variable: %v\n%s", err, out)
	}
	null, err := os.Open(os.DevNull)
	if err != nil {
		t.Fatal(err)
	}
	defer null.Close()
	for _, test := range []struct {
		name, value, want string
		files             []*os.File
		group             bool
	}{
		{"other value", "yes", `is "yes"`, nil, true},
		{"no group", hintValue, "process group", nil, false},
		{"no descriptors", hintValue, "descriptor", nil, true},
		{"other descriptors", hintValue, "wrong kind", []*os.File{null, null, null}, true},
	} {
		cmd := playing(t, "none", hintVariable+"="+test.value)
		cmd.ExtraFiles = test.files
		cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: test.group}
		out, err := cmd.CombinedOutput()
		var ee *exec.ExitError
		if !errors.As(err, &ee) || ee.ExitCode() != 9 || !strings.Contains(string(out), test.want) {
			t.Errorf("%s: %v\n%s", test.name, err, out)
		}
	}
}

// TestPeerThatDoesNotProveItself starts the program with the right
// descriptors, and then gives wrong answers.
func TestPeerThatDoesNotProveItself(t *testing.T) {
	leavesNothing(t)
	for name, answer := range map[string]func(challenge []byte, w io.WriteCloser){
		"the peer is process": func(c []byte, w io.WriteCloser) {
			writeJSON(w, frameHello, 0, hello{protocol, c, 1, "add", modeOnce, 1, 1})
		},
		"did not return the challenge": func(c []byte, w io.WriteCloser) {
			writeJSON(w, frameHello, 0, hello{protocol, nil, os.Getpid(), "add", modeOnce, 1, 1})
		},
		"speaks protocol 77": func(c []byte, w io.WriteCloser) {
			writeJSON(w, frameHello, 0, hello{77, c, os.Getpid(), "add", modeOnce, 1, 1})
		},
		"not a greeting":       func(c []byte, w io.WriteCloser) { writeFrame(w, frameCall, 0, []byte("{}")) },
		"read the answer: EOF": func(c []byte, w io.WriteCloser) { w.Close() },
		"stray frame":          func(c []byte, w io.WriteCloser) { io.WriteString(w, "a=1&b=2&c=3&d=4") },
	} {
		out, code := impersonate(t, answer)
		if code != 9 || !strings.Contains(out, name) {
			t.Errorf("%s: status %d\n%s", name, code, out)
		}
	}
	// The same way with the right answer makes a worker, so that the cases
	// above fail for their own reason.
	out, code := impersonate(t, func(c []byte, w io.WriteCloser) {
		writeJSON(w, frameHello, 0, hello{protocol, c, os.Getpid(), "exit", modeOnce, 1, 7})
		writeFrame(w, frameCall, 7, []byte("42"))
	})
	if code != 42 {
		t.Errorf("the right answer: status %d\n%s", code, out)
	}
}

// impersonate starts the program as startChild does, up to the challenge.
func impersonate(t *testing.T, answer func(challenge []byte, w io.WriteCloser)) (output string, status int) {
	t.Helper()
	parent, child, err := newDuplex()
	if err != nil {
		t.Fatal(err)
	}
	defer parent.Close()
	lifeR, lifeW, _ := os.Pipe()
	crashR, crashW, _ := os.Pipe()
	defer closeAll(lifeW, crashR)
	cmd := playing(t, "none")
	var out lockedBuffer
	cmd.Stdout, cmd.Stderr = &out, &out
	env := cmd.Env
	inherit(cmd, child, lifeR, crashW)
	cmd.Env = append(env, cmd.Env[len(cmd.Env)-1])
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	closeAll(child, lifeR, crashW)
	f, err := readFrame(parent, 0, maxControl)
	if err != nil || f.kind != frameChallenge || len(f.payload) != 32 {
		t.Errorf("no challenge: %v %q", err, f)
	}
	answer(f.payload, parent)
	_ = cmd.Wait()
	return out.String(), cmd.ProcessState.ExitCode()
}

// TestOtherExecutable starts a copy of the program, as another program might.
func TestOtherExecutable(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("only Linux tells which executable the parent runs")
	}
	exe, err := os.ReadFile("/proc/self/exe")
	if err != nil {
		t.Skip("no /proc")
	}
	other := filepath.Join(t.TempDir(), "other")
	if err := os.WriteFile(other, exe, 0o755); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(other)
	parent, child, err := newDuplex()
	if err != nil {
		t.Fatal(err)
	}
	lifeR, lifeW, _ := os.Pipe()
	crashR, crashW, _ := os.Pipe()
	defer closeAll(parent, child, lifeR, lifeW, crashR, crashW)
	inherit(cmd, child, lifeR, crashW)
	out, err := cmd.CombinedOutput()
	if err == nil || !strings.Contains(string(out), "another executable") {
		t.Errorf("%v\n%s", err, out)
	}
}

func TestChildThatNeverReachesInit(t *testing.T) {
	leavesNothing(t)
	t.Setenv(playVariable, "early")
	_, err := add.Run(t.Context(), pair{})
	var se *StartError
	var ee *ExitError
	if !errors.As(err, &se) || !errors.As(err, &ee) || ee.Code != 7 || !strings.Contains(err.Error(), "promote.Init") {
		t.Errorf("%v", err)
	}
}

func TestSlowStartCanBeStopped(t *testing.T) {
	leavesNothing(t)
	t.Setenv(playVariable, "forgetful")
	w, heard := listening(polite)
	ctx, cancel := context.WithCancelCause(t.Context())
	go func() {
		<-heard
		cancel(errNotFound)
	}()
	_, err := w.Run(ctx, struct{}{})
	var se *StartError
	if !errors.As(err, &se) || !errors.Is(err, errNotFound) || !strings.Contains(err.Error(), "promote.Init") {
		t.Errorf("%v", err)
	}
}

func TestEndedContextStartsNothing(t *testing.T) {
	leavesNothing(t)
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(errNotFound)
	_, err := add.Run(ctx, pair{})
	var se *StoppedError
	if !errors.As(err, &se) || se.Err != nil || !errors.Is(err, errNotFound) {
		t.Errorf("%v", err)
	}
}

func TestRegisterMistakes(t *testing.T) {
	//lint:ignore U1000 an unexported field is what is refused
	type hidden struct{ a int }
	r := newRegistry()
	f := func(context.Context, int) (int, error) { return 1, nil }
	g := func(context.Context, hidden) (int, error) { return 1, nil }
	good := register(r, "good", f, nil)
	ws := []*Worker[int, int]{register(r, "good", f, nil), register(r, "", f, nil)}
	odd := register(r, "odd", g, nil)
	err := r.init()
	for _, want := range []string{`"good": the name is taken`, `"": the name is empty`, `hidden.a: an unexported field`} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("Init does not report %s: %v", want, err)
		}
	}
	if again := r.init(); fmt.Sprint(again) != fmt.Sprint(err) {
		t.Errorf("the second Init: %v", again)
	}
	ws = append(ws, register(r, "late", f, nil)) // after Init
	var re *RegisterError
	for _, w := range ws {
		if _, err := w.Run(t.Context(), 1); !errors.As(err, &re) {
			t.Errorf("%q: %v", w.name, err)
		}
		if _, err := NewPool(t.Context(), w, 1); !errors.As(err, &re) {
			t.Errorf("%q: %v", w.name, err)
		}
	}
	if _, err := odd.Run(t.Context(), hidden{}); !errors.As(err, &re) {
		t.Errorf("odd: %v", err)
	}
	if good.err != nil {
		t.Errorf("good: %v", good.err)
	}
}

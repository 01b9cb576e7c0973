package promote

import (
	"bytes"
	"context"
	"errors"
	"os"
	"strings"
	"testing"
)

func TestRun(t *testing.T) {
	leavesNothing(t)
	if got, err := add.Run(t.Context(), pair{3, 4}); got != 7 || err != nil {
		t.Errorf("add: %d, %v", got, err)
	}
	pid, err := childPID.Run(t.Context(), struct{}{})
	if pid == os.Getpid() || pid == 0 || err != nil {
		t.Errorf("pid %d (parent %d), %v", pid, os.Getpid(), err)
	}
	big := bytes.Repeat([]byte{0xff, 0, '"'}, 300000)
	if got, err := echo.Run(t.Context(), big); !bytes.Equal(got, big) || err != nil {
		t.Errorf("echo: %d bytes, %v", len(got), err)
	}
}

func TestProcessOfAFinishedCall(t *testing.T) {
	leavesNothing(t)
	p, err := add.Start(t.Context(), pair{3, 4})
	if err != nil {
		t.Fatal(err)
	}
	<-p.Done()
	for range 2 {
		if got, err := p.Wait(); got != 7 || err != nil {
			t.Errorf("%d, %v", got, err)
		}
	}
	if p.State() == nil || !p.State().Success() || p.State().Pid() != p.PID() {
		t.Errorf("state %v", p.State())
	}
	p.Terminate() // must not reach a process that has got the same pid
	p.Kill()
	if _, err := p.Wait(); err != nil {
		t.Errorf("after a late kill: %v", err)
	}
}

func TestNothingInArgvOrEnvironment(t *testing.T) {
	got, err := surrounds.Run(t.Context(), struct{}{})
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range got {
		if strings.HasPrefix(s, hintVariable) || s == "surroundings" || strings.HasPrefix(s, "-test.") {
			t.Errorf("the child sees %q", s)
		}
	}
}

func TestFuncError(t *testing.T) {
	leavesNothing(t)
	for _, test := range []struct {
		arg string
		is  error
	}{{"plain", nil}, {"notfound", errNotFound}, {"canceled", context.Canceled}} {
		_, err := failing.Run(t.Context(), test.arg)
		var fe *FuncError
		if !errors.As(err, &fe) || fe.Worker != "fail" || fe.Message == "" {
			t.Errorf("%s: %v", test.arg, err)
		}
		for _, s := range []error{errNotFound, context.Canceled, context.DeadlineExceeded} {
			if errors.Is(err, s) != (s == test.is) {
				t.Errorf("%s: errors.Is(%v, %v) = %v", test.arg, err, s, !(s == test.is))
			}
		}
	}
}

func TestPanic(t *testing.T) {
	leavesNothing(t)
	for _, test := range []struct{ where, value, stack string }{
		{"here", "the roof is on fire", "promote.panicHere"},
		{"goroutine", "the roof is on fire", "promote.panicHere"},
		{"fatal", "fatal error, named on standard error", "maps.fatal"},
		{"goexit", "runtime.Goexit was called", "Goexit"},
	} {
		if raceEnabled && test.where == "fatal" {
			continue // the detector gets in first
		}
		_, err := quietPanics.Run(t.Context(), test.where)
		var pe *PanicError
		if !errors.As(err, &pe) || pe.Value != test.value || !strings.Contains(pe.Stack, test.stack) {
			t.Errorf("%s: %#v", test.where, err)
		}
	}
	_, err := quietPanics.Run(t.Context(), "returned")
	var pe *PanicError
	var fe *FuncError
	if errors.As(err, &pe) || !errors.As(err, &fe) {
		t.Errorf("a returned PanicError arrives as %#v", err)
	}
}

// quietPanics keeps the crash output out of the test's own.
var quietPanics = &Worker[string, int]{name: panics.name, cfg: newConfig([]Option{Stderr(&lockedBuffer{})})}

func TestExitStatus(t *testing.T) {
	leavesNothing(t)
	for _, code := range []int{0, 3} {
		p, err := exiter.Start(t.Context(), code)
		if err != nil {
			t.Fatal(err)
		}
		_, err = p.Wait()
		var ee *ExitError
		if !errors.As(err, &ee) || ee.Code != code || p.State().ExitCode() != code {
			t.Errorf("%d: %v, %v", code, err, p.State())
		}
	}
}

func TestLimits(t *testing.T) {
	leavesNothing(t)
	var se *SizeError
	_, err := echo.Run(t.Context(), make([]byte, 1<<20+1))
	if !errors.As(err, &se) || *se != (SizeError{"echo", "argument", 1<<20 + 1, 1 << 20}) {
		t.Errorf("argument: %v", err)
	}
	if got, err := grow.Run(t.Context(), 1000); len(got) != 1000 || err != nil {
		t.Errorf("result at the limit: %v", err)
	}
	_, err = grow.Run(t.Context(), 1001)
	if !errors.As(err, &se) || *se != (SizeError{"grow", "result", 1001, 1000}) {
		t.Errorf("result: %v", err)
	}
	// The parent does not rely on the child to keep the limit.
	strict := &Worker[[]byte, []byte]{name: "echo", cfg: newConfig([]Option{MaxResult(10)})}
	_, err = strict.Run(t.Context(), make([]byte, 11))
	if !errors.As(err, &se) || *se != (SizeError{"echo", "result", 11, 10}) {
		t.Errorf("result, in the parent: %v", err)
	}
}

func TestEncodeAndDecodeErrors(t *testing.T) {
	leavesNothing(t)
	var ee *EncodeError
	_, err := failing.Run(t.Context(), "\xff")
	if !errors.As(err, &ee) || ee.What != "argument" {
		t.Errorf("argument: %v", err)
	}
	_, err = text.Run(t.Context(), []byte("a\xffb"))
	if !errors.As(err, &ee) || ee.What != "result" || ee.Worker != "text" {
		t.Errorf("result: %v", err)
	}
	var de *DecodeError
	_, err = (&Worker[string, int]{name: "add", cfg: newConfig(nil)}).Run(t.Context(), "no pair")
	if !errors.As(err, &de) || de.What != "argument" {
		t.Errorf("argument: %v", err)
	}
	_, err = (&Worker[pair, string]{name: "add", cfg: newConfig(nil)}).Run(t.Context(), pair{})
	if !errors.As(err, &de) || de.What != "result" {
		t.Errorf("result: %v", err)
	}
}

func TestUnknownWorker(t *testing.T) {
	leavesNothing(t)
	var ue *UnknownWorkerError
	for _, name := range []string{"nobody", "double"} { // double is a stream
		_, err := (&Worker[pair, int]{name: name, cfg: newConfig(nil)}).Run(t.Context(), pair{})
		if !errors.As(err, &ue) || ue.Worker != name {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := (&StreamWorker[int, int]{name: "add", cfg: newConfig(nil)}).Start(t.Context(), nil); !errors.As(err, &ue) {
		t.Errorf("add as a stream: %v", err)
	}
	for _, w := range []*Worker[pair, int]{nil, {}} {
		if _, err := w.Run(t.Context(), pair{}); !errors.As(err, &ue) {
			t.Errorf("zero worker: %v", err)
		}
		if _, err := NewPool(t.Context(), w, 1); !errors.As(err, &ue) {
			t.Errorf("zero worker: %v", err)
		}
	}
}

func TestStderrIsPassedOn(t *testing.T) {
	leavesNothing(t)
	noiseHeard.Reset()
	if _, err := noise.Run(t.Context(), "hear, hear"); err != nil || noiseHeard.String() != "hear, hear" {
		t.Errorf("%q, %v", noiseHeard.String(), err)
	}
}

func TestNestedWorkers(t *testing.T) {
	leavesNothing(t)
	if pid, err := nested.Run(t.Context(), maxDepth-1); pid == 0 || err != nil {
		t.Errorf("%d deep: %v", maxDepth, err)
	}
	_, err := nested.Run(t.Context(), maxDepth)
	if err == nil || !strings.Contains(err.Error(), ErrTooDeep.Error()) {
		t.Errorf("%d deep: %v", maxDepth+1, err)
	}
}

func TestGrandchildrenInheritNothing(t *testing.T) {
	leavesNothing(t)
	if got, err := holds.Run(t.Context(), struct{}{}); got != "" || err != nil {
		t.Errorf("a child of the child holds %q, %v", got, err)
	}
}

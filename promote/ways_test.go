//go:build linux || darwin

package promote

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// callsVariable sets the number of calls of TestWaysToDie.
const callsVariable = "PROMOTE_TEST_CALLS"

type errand struct {
	N   int
	Way string
}

type returned struct {
	N    int
	Text string
}

// mortal returns its errand, or dies in some way.
var mortal = Register("mortal", func(_ context.Context, e errand) (returned, error) {
	r := returned{e.N, "back from " + strconv.Itoa(e.N)}
	switch e.Way {
	case "panic":
		panic(r.Text)
	case "panic elsewhere":
		go func() { panic(r.Text) }()
		select {}
	case "exit":
		os.Exit(e.N%100 + 3)
	case "kill itself":
		_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
		select {}
	case "be killed", "be stopped":
		select {}
	case "stray frame":
		var b bytes.Buffer
		_ = writeFrame(&b, frameResult, uint64(e.N), []byte(`{"N":0,"Text":"of another call"}`))
		_, _ = syscall.Write(dataFD, b.Bytes())
	case "garbage":
		_, _ = syscall.Write(dataFD, []byte("v, and then nothing that makes sense"))
	case "no text":
		r.Text = "\xff"
	}
	return r, nil
}, Grace(20*time.Millisecond), Stderr(io.Discard))

// wantOwn checks that a call got its own answer or its own error.
func wantOwn(e errand, got returned, err error) error {
	ok := false
	switch text := "back from " + strconv.Itoa(e.N); e.Way {
	case "":
		ok = err == nil && got == returned{e.N, text}
	case "panic", "panic elsewhere":
		var pe *PanicError
		ok = errors.As(err, &pe) && pe.Value == text && strings.Contains(pe.Stack, "ways_test.go")
	case "exit":
		var ee *ExitError
		ok = errors.As(err, &ee) && ee.Code == e.N%100+3
	case "kill itself", "be killed":
		var ke *KilledError
		ok = errors.As(err, &ke) && ke.Signal == syscall.SIGKILL
	case "stray frame", "garbage":
		ok = errors.As(err, new(*ProtocolError))
	case "no text":
		var ee *EncodeError
		ok = errors.As(err, &ee) && ee.What == "result"
	case "be stopped":
		ok = errors.Is(err, errNotFound)
	}
	if e.Way != "be stopped" && errors.As(err, new(*StoppedError)) || !ok {
		return fmt.Errorf("%q of %d: %+v, %v", e.Way, e.N, got, err)
	}
	return nil
}

// TestWaysToDie has many calls at once, in children of a pool and in children of
// their own, of which most die. Each gets what is its own, and nothing is left.
func TestWaysToDie(t *testing.T) {
	calls := size(300, 60)
	if n, err := strconv.Atoi(os.Getenv(callsVariable)); err == nil {
		calls = n
	}
	leavesNothing(t)
	pool := newPool(t, mortal, 16)
	ways := []string{
		"", "panic", "exit", "kill itself", "be killed", "stray frame", "garbage", "no text", "panic elsewhere", "", "be stopped",
	}
	atOnce(calls, 64, func(i int) {
		e := errand{i, ways[i%len(ways)]}
		ctx, cancel := context.WithCancelCause(t.Context())
		defer cancel(nil)
		if e.Way == "be stopped" {
			go cancel(errNotFound)
		}
		var got returned
		var err error
		if e.Way == "be killed" || i%2 == 0 {
			var p *Process[returned]
			if p, err = mortal.Start(ctx, e); err == nil {
				if e.Way == "be killed" { // the child cannot end by itself, so it has its number
					_ = syscall.Kill(p.PID(), syscall.SIGKILL)
				}
				got, err = p.Wait()
			}
		} else {
			got, err = pool.Run(ctx, e)
		}
		if err := wantOwn(e, got, err); err != nil {
			t.Error(err)
		}
	})
	t.Logf("%d calls", calls)
}

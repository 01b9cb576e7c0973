package promote

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"
)

func newPool[In, Out any](t *testing.T, w *Worker[In, Out], size int) *Pool[In, Out] {
	t.Helper()
	p, err := NewPool(t.Context(), w, size)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Close)
	return p
}

func TestPoolReusesChildren(t *testing.T) {
	leavesNothing(t)
	p := newPool(t, childPID, 3)
	pids := make(map[int]int)
	for range 60 {
		pid, err := p.Run(t.Context(), struct{}{})
		if err != nil {
			t.Fatal(err)
		}
		pids[pid]++
	}
	if len(pids) != 3 {
		t.Errorf("60 calls ran in %v", pids)
	}
}

func TestPoolKeepsTheChildOfAnError(t *testing.T) {
	leavesNothing(t)
	p := newPool(t, failing, 1)
	before := <-p.slots
	p.slots <- before
	for range 3 {
		if _, err := p.Run(t.Context(), "notfound"); !errors.Is(err, errNotFound) {
			t.Errorf("%v", err)
		}
	}
	if after := <-p.slots; after != before {
		t.Error("the child was replaced")
	} else {
		p.slots <- after
	}
}

// TestPoolReplaces ends the only child in several ways; the next call must
// find a new one.
func TestPoolReplaces(t *testing.T) {
	leavesNothing(t)
	p := newPool(t, &Worker[string, int]{name: panics.name, cfg: newConfig([]Option{Stderr(&lockedBuffer{})})}, 1)
	for _, where := range []string{"here", "goroutine"} {
		if _, err := p.Run(t.Context(), where); !errors.As(err, new(*PanicError)) {
			t.Errorf("%v", err)
		}
		c := <-p.slots
		if c == nil {
			t.Error("the new child is not started in advance")
		}
		p.slots <- c
		if _, err := p.Run(t.Context(), ""); err != nil {
			t.Errorf("after a panic: %v", err)
		}
	}

	q := newPool(t, exiter, 1)
	for range 2 {
		if _, err := q.Run(t.Context(), 3); !errors.As(err, new(*ExitError)) {
			t.Errorf("%v", err)
		}
	}

	w, heard := listening(deaf)
	r := newPool(t, w, 1)
	for range 2 {
		ctx, cancel := context.WithCancel(t.Context())
		go func() {
			<-heard
			cancel()
		}()
		if _, err := r.Run(ctx, struct{}{}); !errors.Is(err, context.Canceled) || !errors.As(err, new(*KilledError)) {
			t.Errorf("%v", err)
		}
	}

	// A child that dies while it is idle.
	u := newPool(t, childPID, 1)
	pid, err := u.Run(t.Context(), struct{}{})
	if err != nil {
		t.Fatal(err)
	}
	c := <-u.slots
	process, _ := os.FindProcess(pid)
	process.Kill()
	process.Release()
	<-c.reaped
	u.slots <- c
	if again, err := u.Run(t.Context(), struct{}{}); again == pid || err != nil {
		t.Errorf("%d after %d, %v", again, pid, err)
	}
}

func TestPoolThatCannotStart(t *testing.T) {
	leavesNothing(t)
	_, err := NewPool(t.Context(), &Worker[int, int]{name: "nobody", cfg: newConfig(nil)}, 3)
	if !errors.As(err, new(*UnknownWorkerError)) {
		t.Errorf("%v", err)
	}
	if _, err := NewPool(t.Context(), add, 0); err == nil {
		t.Error("a pool of no children")
	}
}

func TestPoolClose(t *testing.T) {
	leavesNothing(t)
	p := newPool(t, sleeper, 2)
	var calls, closes sync.WaitGroup
	for range 6 { // two run, four wait
		calls.Go(func() {
			if _, err := p.Run(context.Background(), time.Hour); !errors.Is(err, ErrPoolClosed) {
				t.Errorf("%v", err)
			}
		})
	}
	eventually(t, "two running calls", func() bool { return len(p.slots) == 0 })
	for range 3 {
		closes.Go(p.Close)
	}
	calls.Wait()
	closes.Wait()
	if c := childProcesses(); len(c) > 0 {
		t.Errorf("after Close: %v", c)
	}
	if _, err := p.Run(t.Context(), 0); !errors.Is(err, ErrPoolClosed) {
		t.Errorf("%v", err)
	}
}

func TestPoolWaitsForAFreeChild(t *testing.T) {
	leavesNothing(t)
	p := newPool(t, awaiter, 1)
	file := filepath.Join(t.TempDir(), "go on")
	var busy sync.WaitGroup
	busy.Go(func() {
		if _, err := p.Run(t.Context(), file); err != nil {
			t.Errorf("%v", err)
		}
	})
	eventually(t, "the call", func() bool { return exists(file + ".started") })
	ctx, cancel := context.WithCancelCause(t.Context())
	go cancel(errNotFound) // before or while the call waits
	_, err := p.Run(ctx, file)
	var se *StoppedError
	if !errors.As(err, &se) || se.Err != nil || !errors.Is(err, errNotFound) {
		t.Errorf("%v", err)
	}
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	busy.Wait()
	if _, err := p.Run(t.Context(), file); err != nil {
		t.Errorf("%v", err)
	}
}

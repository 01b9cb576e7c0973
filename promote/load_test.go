//go:build linux || darwin

package promote

import (
	"context"
	"errors"
	"math/rand"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// atOnce runs f for 0 to n-1, with at most width at the same time.
func atOnce(n, width int, f func(i int)) {
	var next atomic.Int64
	var all sync.WaitGroup
	for range width {
		all.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				f(i)
			}
		})
	}
	all.Wait()
}

// TestKillsAtRandomMoments ends calls in every way, at every stage of their
// lives, and wants of each call a result or an error that fits.
func TestKillsAtRandomMoments(t *testing.T) {
	leavesNothing(t)
	seed := time.Now().UnixNano()
	t.Logf("seed %d", seed)
	var ended [5]atomic.Int64
	atOnce(size(200, 50), 32, func(i int) {
		r := rand.New(rand.NewSource(seed + int64(i)))
		delay := time.Duration(r.Intn(60)) * time.Millisecond
		ctx, cancel := context.WithCancelCause(t.Context())
		defer cancel(nil)
		way := r.Intn(5)
		if way == 0 { // may also hit the start
			timer := time.AfterFunc(delay, func() { cancel(errNotFound) })
			defer timer.Stop()
		}
		p, err := sleeper.Start(ctx, time.Duration(r.Intn(60))*time.Millisecond)
		if err == nil {
			switch way {
			case 1:
				time.AfterFunc(delay, p.Terminate)
			case 2:
				time.AfterFunc(delay, p.Kill)
			case 3:
				time.Sleep(delay)
				p.c.mu.Lock()
				there := !p.c.exited // and it keeps its number as long as the lock is held
				if there {
					syscall.Kill(p.PID(), syscall.SIGSTOP)
				}
				p.c.mu.Unlock()
				if there {
					p.Terminate()
				}
			case 4:
				time.Sleep(delay)
				p.Terminate()
				p.Kill()
			}
			_, err = p.Wait()
		}
		cause := [...]error{errNotFound, ErrTerminated, ErrKilled, ErrTerminated, ErrTerminated}[way]
		if err != nil && !errors.Is(err, cause) {
			t.Errorf("way %d, %v: %v", way, delay, err)
		}
		if err != nil {
			ended[way].Add(1)
		}
	})
	for way := range ended {
		t.Logf("way %d: %d calls ended early", way, ended[way].Load())
	}
}

// TestPoolUnderFire has the children of a pool killed while they work and
// while they are idle. Each call gives a result or says that the child was
// killed, and the pool goes on.
func TestPoolUnderFire(t *testing.T) {
	leavesNothing(t)
	p := newPool(t, suicide, 4)
	calls := size(600, 100)
	var right, killed atomic.Int64
	atOnce(calls, 16, func(i int) {
		when := [...]string{"before", "about", "", "", ""}[i%5]
		switch _, err := p.Run(t.Context(), when); {
		case err == nil && when != "before":
			right.Add(1)
		case errors.As(err, new(*KilledError)) && !errors.As(err, new(*StoppedError)):
			killed.Add(1)
		default:
			t.Errorf("call %d: %v", i, err)
		}
	})
	// A call to a child that dies while it is idle may fail too.
	t.Logf("%d right, %d killed", right.Load(), killed.Load())
	if right.Load() == 0 || killed.Load() < int64(calls/5) {
		t.Errorf("%d calls gave a result, %d children were killed", right.Load(), killed.Load())
	}
	eventually(t, "a call that nobody fires at any more", func() bool {
		_, err := p.Run(t.Context(), "")
		return err == nil
	})
}

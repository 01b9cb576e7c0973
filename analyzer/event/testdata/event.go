package p

import (
	"context"
	"io"
	"io/fs"
	"path/filepath"
	"runtime"
	"syscall"
	"time"
)

func work() {}

func poll() bool { return false }

func try() error { return nil }

func Loops(ctx context.Context, quit chan struct{}) {
	go func() {
		for { // WANT: stays: no exit
			work()
		}
	}()
	go func() {
		select {} // WANT: stays: an empty select
	}()
	go func() {
		for {
			select {
			case <-ctx.Done():
				work() // WANT: after a stop
				return
			default:
			}
			work()
		}
	}()
	go func() {
		for !poll() {
			time.Sleep(time.Second)
		}
	}()
	go func() {
		for range 3 {
			work()
		}
	}()
}

// FN_Retries: the loop goes on until it succeeds, whatever becomes of the context.
func FN_Retries(ctx context.Context) {
	go func() {
		for {
			if err := try(); err == nil {
				return
			}
			time.Sleep(time.Second)
		}
	}()
	<-ctx.Done()
}

// A context that is captured is in reach, and so is a stop channel of the receiver.
func Sends(ctx context.Context, out chan int) {
	go func() {
		out <- 1 // WANT: a send, in reach of ctx.Done()
		_ = ctx
	}()
}

type worker struct {
	quit chan struct{}
	out  chan int
	in   chan int
}

func newWorker() *worker {
	return &worker{quit: make(chan struct{}), out: make(chan int, 4)} // WANT: room 0; room 4
}

func (w *worker) run() {
	w.out <- 1 // WANT: a send, in reach of w.quit
	for {
		select {
		case <-w.quit:
			return
		case <-w.in:
		}
	}
}

func (w *worker) Close() { close(w.quit) }

func Start() *worker {
	w := newWorker()
	go w.run()
	return w
}

func rooms(n int) {
	_ = make(chan int, 2) // WANT: room 2
	_ = make(chan int, n) // WANT: room not known
	sized(8)
	sized(3)
	ch := make(chan int, 1) // WANT: room 1
	if n > 1 {
		ch = make(chan int, 5) // WANT: room 5
	}
	ch <- 1
}

// The largest of the constants that it is given counts.
func sized(n int) {
	_ = make(chan int, n) // WANT: room 8
}

func closes(c io.Closer, t *time.Timer, b interface{ Flush() }) {
	c.Close() // WANT: ends its receiver
	t.Stop()  // WANT: ends its receiver
	b.Flush()
}

// What is called back ends whoever calls it; a row knows what ends a thread.
func kills(tree string) (err error) {
	filepath.WalkDir(tree, func(string, fs.DirEntry, error) error {
		runtime.Goexit() // WANT: kills its library by runtime.Goexit
		return nil
	})
	defer func() { err, _ = recover().(error) }()
	filepath.WalkDir(tree, func(_ string, _ fs.DirEntry, err error) error {
		panic(err) // WANT: unwinds its library by panic
	})
	return nil
}

const (
	SYS_TGKILL = 234
	SYS_GETPID = 39
)

func tgkill(pid, tid uintptr) {
	syscall.Syscall(SYS_TGKILL, pid, tid, 9) // WANT: kills a thread by SYS_TGKILL
	syscall.Syscall(SYS_GETPID, 0, 0, 0)
}

// The stop is in reach of a loop that goes on.
func goesOn(ctx context.Context, in chan int) {
	go func() {
		for { // WANT: stays: no exit, in reach of ctx.Done()
			select {
			case <-ctx.Done():
			case <-in:
			}
		}
	}()
}

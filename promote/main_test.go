package promote

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// playVariable makes the test binary play another part than that of a test:
// that of a program which uses this package.
const playVariable = "PROMOTE_TEST_PLAY"

// dropVariable makes it give up the rights that its file gave it, before Init.
const dropVariable = "PROMOTE_TEST_DROP"

// plays are the parts that other files add.
var plays = map[string]func(){}

func TestMain(m *testing.M) {
	switch os.Getenv(playVariable) {
	case "forgetful": // a main that never reaches Init
		announce()
		time.Sleep(time.Hour)
	case "early": // a main that ends before Init
		os.Exit(7)
	case "noinit": // a main that has no Init
		_, err := add.Run(context.Background(), pair{1, 2})
		fmt.Println(errors.Is(err, ErrNotInitialised), err)
		os.Exit(0)
	}
	if os.Getenv(dropVariable) != "" {
		dropRights()
	}
	if err := Init(); err != nil {
		fmt.Println("init:", err)
		os.Exit(9)
	}
	if raceEnabled { // the detector would make each child wait a second before it exits
		os.Setenv("GORACE", "atexit_sleep_ms=0 "+os.Getenv("GORACE"))
	}
	if part := os.Getenv(playVariable); part != "" {
		play(part)
		os.Exit(0)
	}
	if r, w, err := os.Pipe(); err == nil { // opens the descriptors of the poller, which stay open
		closeAll(r, w)
	}
	os.Exit(m.Run())
}

var errNotFound = errors.New("not found")

type pair struct{ A, B int }

var (
	add       = Register("add", func(_ context.Context, p pair) (int, error) { return p.A + p.B, nil })
	echo      = Register("echo", func(_ context.Context, b []byte) ([]byte, error) { return b, nil }, MaxArgument(1<<20), MaxResult(1<<20))
	grow      = Register("grow", func(_ context.Context, n int) ([]byte, error) { return make([]byte, n), nil }, MaxResult(1000))
	text      = Register("text", func(_ context.Context, b []byte) (string, error) { return string(b), nil })
	childPID  = Register("pid", func(context.Context, struct{}) (int, error) { return os.Getpid(), nil })
	exiter    = Register("exit", func(_ context.Context, code int) (int, error) { os.Exit(code); return 0, nil })
	noise     = Register("noise", func(_ context.Context, s string) (int, error) { fmt.Fprint(os.Stderr, s); return 0, nil }, Stderr(&noiseHeard))
	surrounds = Register("surroundings", func(context.Context, struct{}) ([]string, error) {
		return append(os.Environ(), os.Args...), nil
	})
	failing = Register("fail", func(ctx context.Context, s string) (int, error) {
		switch s {
		case "notfound":
			return 0, fmt.Errorf("key 7: %w", errNotFound)
		case "canceled":
			return 0, fmt.Errorf("deep: %w", context.Canceled)
		}
		return 0, errors.New(s)
	}, SentinelErrors(errNotFound))
	panics = Register("panic", func(_ context.Context, where string) (int, error) {
		switch where {
		case "here":
			panicHere()
		case "goroutine":
			go panicHere()
			select {}
		case "fatal":
			m := map[int]int{}
			for range 4 {
				go func() {
					//killcheck:ignore endless -- the race is to end the process
					for {
						m[1]++
					}
				}()
			}
			select {}
		case "goexit":
			runtime.Goexit()
		case "returned": // not a panic of this child
			return 0, &PanicError{"other", "made up", ""}
		}
		return 0, nil
	})
	// polite waits for ctx.
	polite = Register("polite", func(ctx context.Context, _ struct{}) (string, error) {
		announce()
		<-ctx.Done()
		return "", context.Cause(ctx)
	}, Grace(time.Hour), Stderr(io.Discard))
	// late succeeds although it was asked to stop.
	late = Register("late", func(ctx context.Context, _ struct{}) (string, error) {
		announce()
		<-ctx.Done()
		return "done", nil
	}, Grace(time.Hour), Stderr(io.Discard))
	// deaf ignores SIGTERM and computes for ever.
	deaf = Register("deaf", func(context.Context, struct{}) (int, error) {
		signal.Ignore(syscall.SIGTERM)
		announce()
		for i := 0; ; i++ {
		}
	}, Grace(20*time.Millisecond), Stderr(io.Discard))
	// awaiter makes a file, and answers when there is another.
	awaiter = Register("await", func(_ context.Context, file string) (string, error) {
		if err := os.WriteFile(file+".started", nil, 0o600); err != nil {
			return "", err
		}
		for !exists(file) {
			time.Sleep(time.Millisecond)
		}
		return filepath.Base(file), nil
	})
	sleeper = Register("sleep", func(_ context.Context, d time.Duration) (int, error) { time.Sleep(d); return 0, nil }, Grace(20*time.Millisecond))
	// forker starts a process that ignores SIGTERM, writes both pids to a
	// file, and then does what it is told.
	forker = Register("fork", func(ctx context.Context, o forkOrder) (int, error) {
		cmd := exec.Command("sh", "-c", `trap "" TERM; sleep 1000 & echo $! >"$0"; wait`, o.File)
		if err := cmd.Start(); err != nil {
			return 0, err
		}
		for {
			if _, err := readPIDs(o.File, 1); err == nil {
				break
			}
			time.Sleep(time.Millisecond)
		}
		f, err := os.OpenFile(o.File, os.O_APPEND|os.O_WRONLY, 0)
		if err != nil {
			return 0, err
		}
		fmt.Fprintf(f, "%d\n%d\n", cmd.Process.Pid, os.Getpid())
		f.Close()
		if o.Then == "wait" {
			<-ctx.Done()
		}
		if o.Then == "spin" {
			for {
			}
		}
		return cmd.Process.Pid, nil
	}, Grace(300*time.Millisecond))
	// suicide dies before it has answered, or at about the same time.
	suicide = Register("suicide", func(_ context.Context, when string) (int, error) {
		die := func() {
			p, _ := os.FindProcess(os.Getpid())
			p.Kill()
		}
		switch when {
		case "before":
			die()
			select {}
		case "about":
			go die()
		}
		return 0, nil
	})
	// escaper starts a process in a session of its own, which holds the
	// child's standard error open, and returns its pid.
	escaper = Register("escape", func(context.Context, struct{}) (int, error) {
		cmd := exec.Command("sleep", "1000")
		cmd.SysProcAttr = newSession()
		cmd.Stderr = os.Stderr
		err := cmd.Start()
		return cmd.Process.Pid, err
	}, Stderr(&lockedBuffer{}))
	// holds lists which of the child's descriptors its own children inherit.
	holds = Register("holds", func(context.Context, struct{}) (string, error) {
		out, err := exec.Command("sh", "-c", "for i in 3 4 5; do if [ -e /dev/fd/$i ]; then echo $i; fi; done").Output()
		return string(out), err
	})
	nested = Register("nested", func(ctx context.Context, depth int) (int, error) { return nest(ctx, depth) })

	doubler = RegisterStream("double", func(_ context.Context, in <-chan int, out chan<- int) error {
		for v := range in {
			if v < 0 {
				return errNotFound
			}
			out <- 2 * v
		}
		return nil
	}, SentinelErrors(errNotFound))
	flood = RegisterStream("flood", func(ctx context.Context, in <-chan int, out chan<- []byte) error {
		for {
			select {
			case out <- make([]byte, 10000):
			case <-ctx.Done():
				return nil
			}
		}
	}, Grace(time.Hour))
	// last answers only when it is asked to stop.
	last = RegisterStream("last", func(ctx context.Context, in <-chan int, out chan<- int) error {
		for range in { // ends with ctx
		}
		for i := range 100 {
			out <- i
		}
		return nil
	}, Grace(time.Hour))
	hungry = RegisterStream("hungry", func(_ context.Context, in <-chan []byte, out chan<- int) error { // never reads
		signal.Ignore(syscall.SIGTERM)
		select {}
	}, Grace(100*time.Millisecond))
	streamPanic = RegisterStream("streampanic", func(_ context.Context, in <-chan int, out chan<- int) error {
		<-in
		panicHere()
		return nil
	})
)

// nest is apart from the worker: a worker that names itself would be an
// initialisation cycle.
var nest func(ctx context.Context, depth int) (int, error) = func(ctx context.Context, depth int) (int, error) {
	if depth == 0 {
		return os.Getpid(), nil
	}
	w := &Worker[int, int]{name: "nested", cfg: newConfig(nil)}
	return w.Run(ctx, depth-1)
}

// announce says that this process has come to some point; see listening.
func announce() { fmt.Fprintln(os.Stderr, "here") }

// listening returns w as a worker whose children announce themselves on heard.
func listening[In, Out any](w *Worker[In, Out]) (_ *Worker[In, Out], heard <-chan struct{}) {
	l := make(listener, 100)
	cfg := *w.cfg
	cfg.stderr = l
	return &Worker[In, Out]{name: w.name, cfg: &cfg}, l
}

type listener chan struct{}

func (l listener) Write(p []byte) (int, error) {
	for range bytes.Count(p, []byte("here\n")) {
		l <- struct{}{}
	}
	return len(p), nil
}

func exists(file string) bool {
	_, err := os.Stat(file)
	return err == nil
}

type forkOrder struct{ File, Then string }

var noiseHeard lockedBuffer

//go:noinline
func panicHere() { panic("the roof is on fire") }

// play runs the test binary as some other program.
func play(part string) {
	if f := plays[part]; f != nil {
		f()
		return
	}
	switch part {
	case "none": // an ordinary program
		fmt.Println("ordinary")
	case "noisy": // leaves standard error as it is
		_, err := panics.Run(context.Background(), "goroutine")
		fmt.Println(errors.As(err, new(*PanicError)))
	case "few descriptors":
		fewDescriptors()
	case "parent": // waits for its child, which has children
		file := os.Getenv("PROMOTE_TEST_FILE")
		_, err := forker.Run(context.Background(), forkOrder{file, os.Getenv("PROMOTE_TEST_THEN")})
		fmt.Println("ended:", err)
	case "busyparent": // has a pool, streams and calls in all states
		pool, err := NewPool(context.Background(), add, 2)
		if err != nil {
			fmt.Println(err)
			return
		}
		defer pool.Close()
		in := make(chan []byte)
		if _, err := hungry.Start(context.Background(), in); err != nil {
			fmt.Println(err)
			return
		}
		go func() {
			for {
				in <- make([]byte, 100000) // more than the child takes
			}
		}()
		if _, err := deaf.Start(context.Background(), struct{}{}); err != nil {
			fmt.Println(err)
			return
		}
		for range 4 {
			go func() {
				for {
					add.Run(context.Background(), pair{})
				}
			}()
		}
		fmt.Println("busy")
		select {}
	}
}

// readPIDs returns the pids in a file, or an error if there are less than n.
func readPIDs(file string, n int) ([]int, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var pids []int
	for _, line := range strings.Fields(string(data)) {
		pid, err := strconv.Atoi(line)
		if err != nil {
			return nil, err
		}
		pids = append(pids, pid)
	}
	if len(pids) < n || !bytes.HasSuffix(data, []byte("\n")) {
		return nil, fmt.Errorf("%d pids", len(pids))
	}
	return pids, nil
}

// marked lists the processes whose environment carries mark, as text.
func marked(mark string) []string {
	var found []string
	dirs, _ := filepath.Glob("/proc/[0-9]*")
	for _, dir := range dirs {
		env, err := os.ReadFile(dir + "/environ")
		if err != nil || !slices.Contains(strings.Split(string(env), "\x00"), mark) {
			continue
		}
		stat, _ := os.ReadFile(dir + "/stat")
		found = append(found, string(stat))
	}
	return found
}

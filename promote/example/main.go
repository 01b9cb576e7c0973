// Command example shows that work which heeds no ctx can be stopped once it
// runs in a child process. It starts a worker that computes for ever, lists the
// process, cancels the call, and lists the process again.
//
//	go run ./promote/example
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"os"
	"os/exec"
	"strconv"
	"time"

	"github.com/killcheck/killcheck/promote"
)

// grace is short, so that the example is.
const grace = 500 * time.Millisecond

// spin computes for ever and never looks at ctx. As a goroutine it could not be
// stopped.
var spin = promote.Register("spin", func(_ context.Context, seed uint64) (uint64, error) {
	fmt.Fprintln(os.Stderr, "computing")
	for {
		seed = seed*6364136223846793005 + 1442695040888963407
	}
}, promote.Grace(grace), promote.Stderr(computing))

// computing hears what spin says.
var computing = make(listener, 1)

type listener chan struct{}

func (l listener) Write(p []byte) (int, error) {
	select {
	case l <- struct{}{}:
	default: // it is known already
	}
	return len(p), nil
}

func main() {
	if err := promote.Init(); err != nil {
		log.Fatal(err)
	}
	if err := run(os.Stdout); err != nil {
		log.Fatal(err)
	}
}

func run(w io.Writer) error {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	p, err := spin.Start(ctx, 1)
	if err != nil {
		return err
	}
	select {
	case <-computing:
	case <-p.Done():
		_, err := p.Wait()
		return err
	}
	fmt.Fprintln(w, "before the cancel:")
	fmt.Fprintln(w, list(p.PID()))

	start := time.Now()
	cancel()
	_, err = p.Wait()
	took := time.Since(start)
	fmt.Fprintf(w, "cancelled, gone after %v (grace period %v)\n", took.Round(time.Millisecond), grace)
	fmt.Fprintln(w, "error:", err)
	fmt.Fprintln(w, "after the cancel:")
	fmt.Fprintln(w, list(p.PID()))

	var killed *promote.KilledError
	if !errors.Is(err, context.Canceled) || !errors.As(err, &killed) {
		return fmt.Errorf("the child was not killed for the cancel: %w", err)
	}
	return nil
}

// list returns what the system's process list says of pid.
func list(pid int) string {
	if _, err := exec.LookPath("ps"); err == nil {
		out, err := exec.Command("ps", "-o", "pid,ppid,stat,time,comm", "-p", strconv.Itoa(pid)).Output()
		if err != nil { // ps fails if it finds nobody
			return fmt.Sprintf("  no process %d", pid)
		}
		return string(out)
	}
	if _, err := os.Stat("/proc/self/stat"); err != nil {
		return "  no process list on this system"
	}
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return fmt.Sprintf("  no process %d", pid)
	}
	return "  " + string(stat)
}

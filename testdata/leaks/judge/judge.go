// Package judge tells whether a program has left goroutines behind.
//
// It looks at the stacks of all goroutines instead of the runtime's
// goroutineleak profile, because that profile cannot see a goroutine that
// loops, sleeps, waits for input or waits on a reachable channel.
package judge

import (
	"fmt"
	"io"
	"os"
	"runtime"
	"runtime/pprof"
	"strings"
	"time"
)

// Grace is how long a goroutine may take to end after it was asked to.
const Grace = time.Second

// Report waits up to Grace for every goroutine that runs code of package main,
// or was started by it, to end. The caller's goroutine does not count. It then
// prints "clean" or "leaked N" to standard output, and the stacks of the
// leaked goroutines to standard error. Where the runtime has a goroutineleak
// profile, "profile N" stands before it: how many of them that profile sees.
func Report() {
	deadline := time.Now().Add(Grace)
	left := remaining()
	for len(left) > 0 && time.Now().Before(deadline) {
		time.Sleep(10 * time.Millisecond)
		left = remaining()
	}
	if len(left) == 0 {
		fmt.Println("clean")
		return
	}
	if p := pprof.Lookup("goroutineleak"); p != nil {
		p.WriteTo(io.Discard, 1) // counts them, too
		fmt.Println("profile", p.Count())
	}
	fmt.Println("leaked", len(left))
	fmt.Fprintln(os.Stderr, strings.Join(left, "\n\n"))
}

// remaining returns the stacks of the goroutines that belong to package main.
func remaining() []string {
	buf := make([]byte, 64<<10)
	n := runtime.Stack(buf, true)
	for n == len(buf) {
		buf = make([]byte, 2*len(buf))
		n = runtime.Stack(buf, true)
	}
	stacks := strings.Split(strings.TrimSpace(string(buf[:n])), "\n\n")
	var left []string
	for _, s := range stacks[1:] { // the first one is the caller
		if strings.Contains(s, "\nmain.") || strings.Contains(s, "\ncreated by main.") {
			left = append(left, s)
		}
	}
	return left
}

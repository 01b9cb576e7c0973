// Package kernels holds the fixed forms of the leak kernels that come with the
// Go distribution. Each stands in a package of its own; the test here runs all
// of them and finds no goroutine left.
package kernels

import (
	"runtime"
	"strings"
	"testing"
	"time"
)

// rounds is how often a kernel runs, as some leaks depend on the schedule.
const rounds = 30

// grace is how long the goroutines of a kernel may take to end.
const grace = 3 * time.Second

func TestFixedFormsEnd(t *testing.T) {
	for name, run := range fixed {
		name, run := name, run
		t.Run(name, func(t *testing.T) {
			done := make(chan struct{})
			go func() {
				defer close(done)
				for i := 0; i < rounds; i++ {
					run()
				}
			}()
			select {
			case <-done:
			case <-time.After(grace):
			}
			if left := remaining(name); len(left) > 0 {
				t.Errorf("%d goroutines left, the first:\n%s", len(left), left[0])
			}
		})
	}
}

// remaining returns the stacks of the goroutines that still run code of the
// named package after a grace time.
func remaining(name string) []string {
	deadline := time.Now().Add(grace)
	for {
		buf := make([]byte, 8<<20)
		buf = buf[:runtime.Stack(buf, true)]
		var left []string
		for _, s := range strings.Split(string(buf), "\n\n") {
			if strings.Contains(s, "example.com/kernels/"+name+".") {
				left = append(left, s)
			}
		}
		if len(left) == 0 || time.Now().After(deadline) {
			return left
		}
		time.Sleep(10 * time.Millisecond)
	}
}

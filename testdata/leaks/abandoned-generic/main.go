// Command abandoned-generic runs functions in the background and gives up on
// slow ones.
package main

import (
	"errors"
	"fmt"
	"time"

	"example.com/leaks/judge"
)

func within[T any](d time.Duration, f func() T) (T, error) {
	out := make(chan T)
	go func() { out <- f() }()
	select {
	case v := <-out:
		return v, nil
	case <-time.After(d):
		var zero T
		return zero, errors.New("too slow")
	}
}

func main() {
	for range 2 {
		n, err := within(2*time.Millisecond, func() int {
			time.Sleep(10 * time.Millisecond)
			return 1
		})
		fmt.Println(n, err)
	}
	judge.Report()
}

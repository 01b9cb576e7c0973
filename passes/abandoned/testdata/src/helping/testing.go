// Package helping has code for tests in a file whose name does not say so.
package helping

import "testing"

func fetchOk(t testing.TB, get func() int) int {
	c := make(chan int)
	go func() { c <- get() }()
	if t.Failed() {
		return 0
	}
	return <-c
}

// A file with helpers of tests is one for tests as a whole.
func helperOk(failed bool, get func() int) int {
	c := make(chan int)
	go func() { c <- get() }()
	if failed {
		return 0
	}
	return <-c
}

package p

import (
	"context"
	"errors"
)

var errBad = errors.New("bad")

var shared chan int

func types(ctx context.Context, quit chan struct{}, done <-chan bool, jobs chan int, err error) { // WANT: ctx: context; quit: stop channel; err: error
}

type Context interface{ Done() <-chan struct{} }

func other(ctx Context, text string, sent chan<- struct{}) {
}

func receives(jobs chan int, quit chan struct{}) int { // WANT: quit: stop channel
	for j := range jobs { // WANT: receives in a range
		_ = j
	}
	select {
	case <-quit: // a case is no receive by itself
	case j := <-jobs:
		return j // WANT: only returns
	}
	<-quit          // WANT: receives
	j, ok := <-jobs // WANT: receives
	if !ok {
		return 0 // WANT: only returns
	}
	return j // WANT: only returns
}

func sends(errs chan error, jobs chan int) {
	errs <- errBad // WANT: sends an error
	jobs <- 1
	shared <- 1 // WANT: on a package variable
}

func returns(f func() (int, error)) (int, error) {
	n, err := f()
	if err != nil { // WANT: asks whether it is nil, holds if so: false
		return 0, err // WANT: returns an error; only returns; error comes from f
	}
	if n > 1 {
		return n, nil // WANT: only returns; int comes from f
	}
	return 0, errBad // WANT: returns an error; only returns
}

func get() int { return 1 } // WANT: only returns

func sources() int {
	n := get()
	return n // WANT: only returns; int comes from get
}

// The value of a variable that is set twice has no one source.
func twice(b bool) int {
	n := get()
	if b {
		n = 2
	}
	return n // WANT: only returns
}

func nils(p *int, q *int, err error, n int) bool { // WANT: err: error
	a := p == nil   // WANT: asks whether it is nil, holds if so: true
	b := nil != q   // WANT: asks whether it is nil, holds if so: false
	c := nil == err // WANT: asks whether it is nil, holds if so: true
	d := p == q
	e := n != 0
	return a && b && c && d && e // WANT: only returns
}

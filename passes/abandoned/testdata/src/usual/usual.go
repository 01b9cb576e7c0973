// Package usual sends where the code has looked for what stands in the way, or for an error: that
// comes as it likes.
package usual

import (
	"errors"
	"io"
)

func CopyBad(r io.Reader, w io.Writer, done <-chan struct{}) error {
	errs := make(chan error)
	go func() {
		if _, err := io.Copy(w, r); err != nil && err != io.EOF {
			errs <- err // want "can return without receiving from errs"
		}
	}()
	select {
	case err := <-errs:
		return err
	case <-done:
		return nil
	}
}

func GuardedBad(steps []func() error, done <-chan struct{}) error {
	errs := make(chan error)
	go func() {
		if len(steps) == 0 {
			return
		}
		errs <- errors.Join(steps[0]()) // want "can return without receiving from errs"
	}()
	select {
	case err := <-errs:
		return err
	case <-done:
		return nil
	}
}

// The comparison is worked out before the loop, and asked for after it.
func AskedLaterBad(n int, work func(int) int, done <-chan struct{}) int {
	ch := make(chan int)
	go func() {
		odd := work(n) == 3
		for i := range n {
			work(i)
		}
		if odd {
			return
		}
		ch <- n // want "can return without receiving from ch"
	}()
	select {
	case v := <-ch:
		return v
	case <-done:
		return 0
	}
}

// The second sender starts after the first return: it is the last one that leaves too much.
func LaterStartBad(signals <-chan int, stop <-chan bool, open func() error) error {
	ended := make(chan bool, 1)
	go func() {
		<-signals
		ended <- true // want "there are 2 sends on ended, but on one path only 1 of them is taken"
	}()
	if err := open(); err != nil {
		return err
	}
	go func() {
		<-stop
		ended <- true // want "there are 2 sends on ended, but on one path only 1 of them is taken"
	}()
	if err := open(); err != nil {
		return err
	}
	<-ended
	return nil
}

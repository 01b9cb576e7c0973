// Package chosen sends only where the code itself compares values: whether that can come is
// not known.
package chosen

import (
	"errors"
	"io"
)

func CopyBad(r io.Reader, w io.Writer, done <-chan struct{}) error {
	errs := make(chan error)
	go func() {
		head := make([]byte, 2)
		for {
			n, err := io.ReadFull(r, head)
			if err != nil {
				return
			}
			if n != len(head) {
				errs <- errors.New("too short") // want "can return without receiving from errs"
				return
			}
			w.Write(head)
		}
	}()
	select {
	case err := <-errs:
		return err
	case <-done:
		return nil
	}
}

type change struct{ kind int }

const (
	added = iota
	removed
)

func ApplyBad(changes []change, apply func(change), done <-chan struct{}) error {
	errs := make(chan error)
	go func() {
		for _, c := range changes {
			switch c.kind {
			case added, removed:
				apply(c)
			default:
				errs <- errors.New("no such kind") // want "can return without receiving from errs"
			}
		}
	}()
	select {
	case err := <-errs:
		return err
	case <-done:
		return nil
	}
}

package falsestop

import (
	"errors"
	"io"
)

var verbose bool

type batch struct{ docs []int }

func (b *batch) next() (int, error) {
	if len(b.docs) == 0 {
		return 0, io.EOF
	}
	d := b.docs[0]
	b.docs = b.docs[1:]
	return d, nil
}

type cursor struct {
	batch *batch
	more  func() *batch
	err   error
}

// The end is that of one batch, and each round has another.
func (c *cursor) nextOk(out *int) bool {
	for {
		if verbose {
			println("again")
		}
		c.batch = c.more()
		if c.batch == nil {
			return false
		}
		d, err := c.batch.next()
		switch {
		case err == nil:
			*out = d
			return true
		case errors.Is(err, io.EOF):
		default:
			c.err = err
			return false
		}
	}
}

// It is always the same batch.
func (c *cursor) nextBad(out *int) bool {
	for {
		if verbose {
			println("again")
		}
		d, err := c.batch.next()
		switch {
		case err == nil:
			*out = d
			return true
		case errors.Is(err, io.EOF): // want `io.EOF says that the end has come`
		default:
			c.err = err
			return false
		}
	}
}

func (c *cursor) current() *batch { return c.batch }

// An accessor gives the same one again.
func (c *cursor) accessorBad(out *int) bool {
	for {
		if verbose {
			println("again")
		}
		d, err := c.current().next()
		if errors.Is(err, io.EOF) { // want `io.EOF says that the end has come`
			continue
		}
		*out = d
		return err == nil
	}
}

func localOk(open func() io.Reader, buf []byte) (int, error) {
	for {
		if verbose {
			println("again")
		}
		r := open()
		n, err := r.Read(buf)
		if err == io.EOF {
			continue
		}
		return n, err
	}
}

func localBad(open func() io.Reader, buf []byte) (int, error) {
	r := open()
	for {
		if verbose {
			println("again")
		}
		n, err := r.Read(buf)
		if err == io.EOF { // want `io.EOF says that the end has come`
			continue
		}
		return n, err
	}
}

func fullOk(open func() io.Reader, buf []byte) (int, error) {
	for {
		if verbose {
			println("again")
		}
		n, err := io.ReadFull(open(), buf)
		if err == io.EOF {
			continue
		}
		return n, err
	}
}

func fullBad(r io.Reader, buf []byte) (int, error) {
	for {
		if verbose {
			println("again")
		}
		n, err := io.ReadFull(r, buf)
		if err == io.EOF { // want `io.EOF says that the end has come`
			continue
		}
		return n, err
	}
}

type rewinder struct {
	r   io.Reader
	pos int
}

func (r *rewinder) Read(p []byte) (int, error) { return r.r.Read(p) }
func (r *rewinder) rewind()                    { r.pos = 0 }

// The source is set to a new start before each look.
func resetOk(r *rewinder, buf []byte) (int, error) {
	for {
		if verbose {
			println("again")
		}
		r.rewind()
		n, err := r.Read(buf)
		if err == io.EOF {
			continue
		}
		return n, err
	}
}

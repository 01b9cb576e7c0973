package promote

import (
	"errors"
	"io"
	"os"
	"sync"
)

// A tail reads what a child writes, to the last byte. The end of the connection
// alone would not do: somebody who has left the child's process group may hold
// the other end for as long as he likes. Nor would a timer: the parent may be
// late. What a child wrote before it ended is in the kernel when its end is
// seen, so that much is read, and no more.
type tail struct {
	f    *os.File
	over bool // the child has ended; of the reader, as is left
	left int  // bytes that were there when the reader noticed
}

// Read is of one reader only. At the end it returns io.EOF.
func (t *tail) Read(p []byte) (int, error) {
	if !t.over {
		n, err := t.f.Read(p)
		if !errors.Is(err, os.ErrDeadlineExceeded) {
			return n, err
		}
		t.over = true
		t.left = waiting(t.f)
	}
	if t.left == 0 {
		return 0, io.EOF
	}
	n, err := readNow(t.f, p[:min(len(p), t.left)])
	t.left -= n
	return n, err
}

// childEnded wakes a reader that waits.
func (t *tail) childEnded() { wake(t.f) }

// outputs are what a child writes beside its answers.
type outputs struct {
	tails   []*tail
	writers []io.Closer // the child's ends
	copies  sync.WaitGroup
}

// file returns the file for a child that shall write to w: w itself, or a pipe
// that a goroutine empties.
func (o *outputs) file(w io.Writer) (*os.File, error) {
	if f, ok := w.(*os.File); ok {
		return f, nil
	}
	r, f, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	o.tails = append(o.tails, &tail{f: r})
	o.writers = append(o.writers, f)
	t := o.tails[len(o.tails)-1]
	o.copies.Go(func() {
		defer r.Close()
		if _, err := io.Copy(w, t); err != nil {
			_, _ = io.Copy(io.Discard, t) // the child must not block on a full pipe
		}
	})
	return f, nil
}

// started closes what belongs to the child, whether it was started or not.
func (o *outputs) started() { closeAll(o.writers...) }

// wait returns when all that an ended child wrote has been passed on.
func (o *outputs) wait() {
	for _, t := range o.tails {
		t.childEnded()
	}
	o.copies.Wait()
}

// same reports whether two writers are one, which must not be used from two
// goroutines.
func same(a, b io.Writer) bool {
	defer func() { _ = recover() }() // types that cannot be compared
	return a == b
}

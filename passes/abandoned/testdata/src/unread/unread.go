// Package unread writes to pipes of which too little is read.
package unread

import (
	"bufio"
	"fmt"
	"io"
	"os"
)

func LiteralBad() {
	r, w := io.Pipe()
	go func() {
		defer w.Close()
		for i := range 5 {
			if _, err := fmt.Fprintln(w, i); err != nil { // want "goroutine can wait for ever in fmt.Fprintln: of the pipe no more is read than once, and nobody closes its reader's end"
				return
			}
		}
	}()
	buf := make([]byte, 2)
	r.Read(buf)
}

func writeBad(w *io.PipeWriter, lines []string) {
	defer w.Close()
	for _, s := range lines {
		io.WriteString(w, s) // want "the function that started it can return before the reader.s end"
	}
}

func Nobody(lines []string) {
	r, w := io.Pipe()
	_ = r
	go writeBad(w, lines)
}

type source struct {
	r *io.PipeReader
	w *io.PipeWriter
}

func newSource() *source {
	s := &source{}
	s.r, s.w = io.Pipe()
	go s.runBad()
	return s
}

func (s *source) runBad() {
	defer s.w.Close()
	s.w.Write([]byte("a"))
	s.w.Write([]byte("b")) // want "goroutine can wait for ever in s.w.Write: of the pipe no more is read than once, and nobody closes its reader's end"
}

func Method() {
	s := newSource()
	s.r.Read(make([]byte, 8))
}

// ---- what is read to its end, closed, or out of sight

func ClosedOk() {
	r, w := io.Pipe()
	go func() {
		defer w.Close()
		for i := range 5 {
			fmt.Fprintln(w, i)
		}
	}()
	r.Read(make([]byte, 2))
	r.Close()
}

func CopiedOk() {
	r, w := io.Pipe()
	go func() {
		defer w.Close()
		for i := range 5 {
			fmt.Fprintln(w, i)
		}
	}()
	io.Copy(os.Stdout, r)
}

func ScannedOk() {
	r, w := io.Pipe()
	go func() {
		defer w.Close()
		fmt.Fprintln(w, 1)
		fmt.Fprintln(w, 2)
	}()
	lines := bufio.NewScanner(r)
	lines.Scan()
}

func LoopOk() {
	r, w := io.Pipe()
	go func() {
		defer w.Close()
		for i := range 5 {
			fmt.Fprintln(w, i)
		}
	}()
	buf := make([]byte, 2)
	for {
		if _, err := r.Read(buf); err != nil {
			return
		}
	}
}

func EnoughOk() {
	r, w := io.Pipe()
	go func() {
		defer w.Close()
		fmt.Fprintln(w, 1)
	}()
	r.Read(make([]byte, 2))
}

func GivenOk(use func(io.Reader)) {
	r, w := io.Pipe()
	go func() {
		defer w.Close()
		for i := range 5 {
			fmt.Fprintln(w, i)
		}
	}()
	use(r)
}

func ReturnedOk() io.ReadCloser {
	r, w := io.Pipe()
	go func() {
		defer w.Close()
		for i := range 5 {
			fmt.Fprintln(w, i)
		}
	}()
	return r
}

// Who reads closes the writer's end: the write fails.
func WriterClosedOk() {
	r, w := io.Pipe()
	go func() {
		for i := range 5 {
			if _, err := fmt.Fprintln(w, i); err != nil {
				return
			}
		}
	}()
	r.Read(make([]byte, 2))
	w.Close()
}

func inBackground(f func()) {
	go func() {
		f()
	}()
}

func WrapperBad() {
	r, w := io.Pipe()
	inBackground(func() {
		for i := range 5 {
			if _, err := fmt.Fprintln(w, i); err != nil { // want "of the pipe no more is read than once"
				return
			}
		}
	})
	r.Read(make([]byte, 2))
}

package plain

import (
	"bufio"
	"io"
	"sync"
)

// A Writer passes text on as [Text] gives it. It is the boundary between killcheck
// and a terminal, a log or a file: who writes through it needs no care. Several
// goroutines may use it, each call for itself.
type Writer struct {
	mu      sync.Mutex
	w       io.Writer
	out     *bufio.Writer
	start   bool   // nothing but blanks stand before in the line
	waiting []byte // the unfinished end of what was written
	batch   bool
}

// NewWriter returns a writer at the start of a line.
func NewWriter(w io.Writer) *Writer {
	return &Writer{w: w, out: bufio.NewWriter(w), start: true}
}

// Behind returns the writer that it passes on to.
func (w *Writer) Behind() io.Writer { return w.w }

// Write writes text. Outside of a [Writer.Batch] a character that p ends inside of
// counts as broken.
func (w *Writer) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	text := p
	if len(w.waiting) > 0 {
		text = append(w.waiting, p...)
	}
	if err := w.put(text, !w.batch); err != nil {
		return 0, err
	}
	return len(p), nil
}

// Control writes what is a command: words of killcheck's own, never those of others.
func (w *Writer) Control(s string) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if err := w.put(w.waiting, true); err != nil {
		return err
	}
	if _, err := w.out.WriteString(s); err != nil || w.batch {
		return err
	}
	return w.out.Flush()
}

// Batch calls write, which may write in many small pieces. They reach the writer
// behind in few.
func (w *Writer) Batch(write func() error) error {
	w.set(true)
	err := write()
	w.set(false)
	w.mu.Lock()
	defer w.mu.Unlock()
	if put := w.put(w.waiting, true); err == nil {
		err = put
	}
	return err
}

func (w *Writer) set(batch bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.batch = batch
}

func (w *Writer) put(text []byte, final bool) error {
	out, rest, start := escape(w.out.AvailableBuffer(), text, w.start, final)
	w.start = start
	w.waiting = append([]byte(nil), rest...)
	if _, err := w.out.Write(out); err != nil || !final {
		return err
	}
	return w.out.Flush()
}

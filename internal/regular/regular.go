// Package regular reads files whose names others chose. A name may lead to a device
// that never ends, or to a FIFO that nobody writes to; such files are refused, and
// the others are read up to a limit.
package regular

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
)

// Errors of [ReadFile], which come with the name of the file.
var (
	ErrNotRegular = errors.New("not a regular file")
	ErrTooLarge   = errors.New("too large")
)

// ReadFile reads a regular file of at most limit bytes. It follows links. A device is
// not opened, since that alone may have an effect; should the name come to lead to
// another file meanwhile, then opening that does not wait, and it is not read.
func ReadFile(name string, limit int64) ([]byte, error) {
	info, err := os.Stat(name)
	if err := check(name, info, err, limit); err != nil {
		return nil, err
	}
	f, err := open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close() // it was only read
	info, err = f.Stat()
	if err := check(name, info, err, limit); err != nil {
		return nil, err
	}
	// The file may grow meanwhile, and those below /proc have no size.
	data, err := io.ReadAll(io.LimitReader(f, limit+1))
	if err != nil {
		return nil, err
	}
	if int64(len(data)) > limit {
		return nil, tooLarge(name, limit)
	}
	return data, nil
}

// Is reports whether a name leads to a regular file of at most limit bytes, for those
// who leave the reading to others.
func Is(name string, limit int64) bool {
	info, err := os.Stat(name)
	return check(name, info, err, limit) == nil
}

func check(name string, info fs.FileInfo, err error, limit int64) error {
	switch {
	case err != nil:
		return err
	case !info.Mode().IsRegular():
		return &fs.PathError{Op: "read", Path: name, Err: ErrNotRegular}
	case info.Size() > limit:
		return tooLarge(name, limit)
	}
	return nil
}

func tooLarge(name string, limit int64) error {
	return &fs.PathError{Op: "read", Path: name, Err: fmt.Errorf("%w: more than %s", ErrTooLarge, Size(limit))}
}

// Size returns a number of bytes in words.
func Size(n int64) string {
	switch {
	case n >= 1<<20 && n%(1<<20) == 0:
		return fmt.Sprintf("%d MiB", n>>20)
	case n >= 1<<10 && n%(1<<10) == 0:
		return fmt.Sprintf("%d KiB", n>>10)
	}
	return fmt.Sprintf("%d bytes", n)
}

// A Buffer takes what a program prints, up to a limit. From then on writing fails,
// so that the program ends by a broken pipe.
type Buffer struct {
	Limit int64
	data  []byte
	over  bool
}

// Write appends p, or fails if the limit is reached.
func (b *Buffer) Write(p []byte) (int, error) {
	if int64(len(b.data)+len(p)) > b.Limit {
		b.over = true
		return 0, b.Err()
	}
	b.data = append(b.data, p...)
	return len(p), nil
}

// Bytes returns what was written.
func (b *Buffer) Bytes() []byte { return b.data }

// Err returns an error if something did not fit.
func (b *Buffer) Err() error {
	if !b.over {
		return nil
	}
	return fmt.Errorf("output %w: more than %s", ErrTooLarge, Size(b.Limit))
}

// A Head keeps the beginning of what a program prints, and drops the rest.
type Head struct {
	Limit int64
	data  []byte
	cut   bool
}

// Write never fails.
func (h *Head) Write(p []byte) (int, error) {
	room := max(h.Limit-int64(len(h.data)), 0)
	h.cut = h.cut || int64(len(p)) > room
	h.data = append(h.data, p[:min(int64(len(p)), room)]...)
	return len(p), nil
}

// String returns what was kept, and says if that is not all.
func (h *Head) String() string {
	if !h.cut {
		return string(h.data)
	}
	return string(h.data) + "\n... (cut after " + Size(h.Limit) + ")\n"
}

// A Reader reads up to a limit and fails behind it.
type Reader struct {
	R    io.Reader
	Left int64 // how many bytes may still come
}

// Read fails with [ErrTooLarge] once the limit is passed.
func (r *Reader) Read(p []byte) (int, error) {
	if r.Left < 0 {
		return 0, ErrTooLarge
	}
	n, err := r.R.Read(p[:min(int64(len(p)), r.Left+1)])
	if r.Left -= int64(n); r.Left < 0 {
		return n - 1, ErrTooLarge
	}
	return n, err
}

// Unmarshal decodes JSON that was read from a file. An error names file and line.
func Unmarshal(name string, data []byte, v any) error {
	err := json.Unmarshal(data, v)
	offset := int64(-1)
	if bad := new(json.SyntaxError); errors.As(err, &bad) {
		offset = bad.Offset
	} else if bad := new(json.UnmarshalTypeError); errors.As(err, &bad) {
		offset = bad.Offset
	}
	switch {
	case err == nil:
		return nil
	case offset < 0:
		return fmt.Errorf("%s: %w", name, err)
	}
	return fmt.Errorf("%s:%d: %w", name, Line(data, offset), err)
}

// Line returns the number of the line that an offset lies in, counted from 1.
func Line(data []byte, offset int64) int {
	return bytes.Count(data[:min(max(offset, 0), int64(len(data)))], []byte("\n")) + 1
}

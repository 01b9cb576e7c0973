// Package pipes holds goroutines at one end of a pipe whose other end may be left.
package pipes

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
)

func DecodeBad(data []byte, decode func(io.Reader) error) error {
	r, w := io.Pipe()
	go func() {
		_, err := w.Write(data) // want `goroutine can wait for ever in w.Write: the function that started it can return before the reader's end of the pipe is read to its end or closed`
		w.CloseWithError(err)
	}()
	return decode(r)
}

func produceBad(w *io.PipeWriter, v any) {
	err := json.NewEncoder(w).Encode(v) // want `the function that started it can return before the reader's end`
	w.CloseWithError(err)
}

// An early return.
func Early(v any, dst io.Writer, ready func() error) error {
	r, w := io.Pipe()
	go produceBad(w, v)
	if err := ready(); err != nil {
		return err
	}
	_, err := io.Copy(dst, r)
	return err
}

// The other way round: the goroutine reads, and the writer's end is left open.
func ReadBad(dst io.Writer, encode func(io.Writer) error) error {
	r, w := io.Pipe()
	go func() {
		io.Copy(dst, r) // want `can return before the writer's end of the pipe is closed`
	}()
	if err := encode(w); err != nil {
		return err
	}
	return w.Close()
}

func FormatBad(items []int, use func(io.Reader) (int, error)) (int, error) {
	r, w := io.Pipe()
	go func() {
		defer w.Close()
		for _, n := range items {
			fmt.Fprintln(w, n)
		}
		w.Write(nil) // want `can return before the reader's end`
	}()
	return use(r)
}

// ---- what is closed, or read to its end

func DeferOk(data []byte, decode func(io.Reader) error) error {
	r, w := io.Pipe()
	defer r.Close()
	go func() {
		_, err := w.Write(data)
		w.CloseWithError(err)
	}()
	return decode(r)
}

func AfterOk(data []byte, decode func(io.Reader) error) error {
	r, w := io.Pipe()
	go func() {
		_, err := w.Write(data)
		w.CloseWithError(err)
	}()
	err := decode(r)
	r.CloseWithError(err)
	return err
}

func AllOk(data []byte) ([]byte, error) {
	r, w := io.Pipe()
	go func() {
		_, err := w.Write(data)
		w.CloseWithError(err)
	}()
	return io.ReadAll(r)
}

func LiteralOk(data []byte, decode func(io.Reader) error) error {
	r, w := io.Pipe()
	defer func() { r.Close() }()
	go func() {
		w.Write(data)
		w.Close()
	}()
	return decode(r)
}

// The request closes its body.
func RequestOk(url string, data []byte) (*http.Request, error) {
	r, w := io.Pipe()
	go func() {
		w.Write(data)
		w.Close()
	}()
	return http.NewRequest("POST", url, r)
}

// The caller gets the other end.
func ReturnOk(data []byte) io.ReadCloser {
	r, w := io.Pipe()
	go func() {
		w.Write(data)
		w.Close()
	}()
	return r
}

// Who can close it may do so.
func CloserOk(data []byte, send func(io.ReadCloser) error) error {
	r, w := io.Pipe()
	go func() {
		w.Write(data)
		w.Close()
	}()
	return send(r)
}

// The writer's own end is closed by others.
func OwnEndOk(data []byte, decode func(io.Reader) error) error {
	r, w := io.Pipe()
	defer w.Close()
	go func() {
		w.Write(data)
	}()
	return decode(r)
}

func WriteOk(dst io.Writer, encode func(io.Writer) error) error {
	r, w := io.Pipe()
	go func() {
		io.Copy(dst, r)
	}()
	if err := encode(w); err != nil {
		w.CloseWithError(err)
		return err
	}
	return w.Close()
}

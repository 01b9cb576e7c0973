package lsp

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"sync"
)

const (
	maxHeader = 8 << 10  // bytes of one header block; real ones have about 30
	maxBody   = 64 << 20 // bytes of one message; a whole file may travel in one
)

// A frame is one message of the base protocol.
type frame struct {
	raw  []byte // header and body, as they came
	body []byte // the JSON text, a part of raw
}

// A frameError is a violation of the base protocol. The stream cannot be read
// any further, since nothing tells where the next frame begins.
type frameError struct{ reason string }

func (e *frameError) Error() string { return "malformed frame: " + e.reason }

type frameReader struct{ r *bufio.Reader }

func newFrameReader(r io.Reader) *frameReader {
	return &frameReader{bufio.NewReaderSize(r, 64<<10)}
}

// next reads one frame. The error is io.EOF when the stream ends between two
// frames, io.ErrUnexpectedEOF when it ends inside one, and a *frameError when
// the bytes are no frame.
func (r *frameReader) next() (frame, error) {
	var raw bytes.Buffer
	length := -1
	for {
		line, err := r.r.ReadSlice('\n')
		raw.Write(line)
		switch {
		case errors.Is(err, bufio.ErrBufferFull) || raw.Len() > maxHeader:
			return frame{}, &frameError{fmt.Sprintf("header longer than %d bytes: %q", maxHeader, clip(raw.Bytes()))}
		case err == io.EOF && raw.Len() == 0:
			return frame{}, io.EOF
		case err == io.EOF:
			return frame{}, io.ErrUnexpectedEOF
		case err != nil:
			return frame{}, err
		}
		text := strings.TrimRight(string(line), "\r\n")
		if text == "" {
			break
		}
		name, value, ok := strings.Cut(text, ":")
		if !ok {
			return frame{}, &frameError{fmt.Sprintf("header line without a colon: %q", clip(line))}
		}
		if !strings.EqualFold(strings.TrimSpace(name), "Content-Length") {
			continue // Content-Type is the only other one, and has one meaning
		}
		n, err := strconv.ParseUint(strings.TrimSpace(value), 10, 31)
		if err != nil {
			return frame{}, &frameError{fmt.Sprintf("bad Content-Length %q", clip([]byte(value)))}
		}
		if n > maxBody {
			return frame{}, &frameError{fmt.Sprintf("message of %d bytes, more than %d", n, maxBody)}
		}
		length = int(n)
	}
	if length < 0 {
		return frame{}, &frameError{"no Content-Length"}
	}
	header := raw.Len()
	// The buffer grows with what really arrives, so a false length costs nothing.
	if length <= 1<<20 {
		raw.Grow(length)
	}
	if _, err := io.CopyN(&raw, r.r, int64(length)); err != nil {
		if err == io.EOF {
			err = io.ErrUnexpectedEOF
		}
		return frame{}, err
	}
	return frame{raw: raw.Bytes(), body: raw.Bytes()[header:]}, nil
}

// newFrame wraps a JSON text in a header.
func newFrame(body []byte) frame {
	header := "Content-Length: " + strconv.Itoa(len(body)) + "\r\n\r\n"
	raw := make([]byte, 0, len(header)+len(body))
	raw = append(append(raw, header...), body...)
	return frame{raw: raw, body: raw[len(header):]}
}

// A frameWriter writes whole frames; goroutines may share it.
type frameWriter struct {
	mu sync.Mutex
	w  io.Writer
}

func (w *frameWriter) write(f frame) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	_, err := w.w.Write(f.raw)
	return err
}

// clip shortens bytes for a log line.
func clip(b []byte) []byte {
	if len(b) > 80 {
		return b[:80]
	}
	return b
}

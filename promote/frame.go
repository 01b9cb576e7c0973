package promote

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"os"
)

// A frame is one message: a kind, a number of eight bytes, the length of the
// payload as four bytes, both in big-endian order, and the payload.
//
// An answer has the number of its call, and each side counts the items that it
// sends. Both count from a random number of the greeting, so that bytes which
// something else has written to the connection are seen to be stray. Frames
// before the first call have the number zero.
type frame struct {
	kind    byte
	payload []byte
}

const (
	frameChallenge = 'c' // child: random bytes
	frameRefusal   = 'x' // child: why it is no worker, as text; it ends
	frameHello     = 'h' // parent: hello as JSON
	frameReady     = 'r' // child: the worker is there
	frameCall      = 'a' // parent: an argument
	frameResult    = 'v' // child: a result
	frameError     = 'e' // child: remoteError as JSON
	framePanic     = 'p' // child: remotePanic as JSON
	frameItem      = 'i' // both: one item of a stream
	frameEnd       = 'z' // parent: no more items; child: the stream function returned nil
)

const (
	frameHeader = 13
	maxFrame    = 1 << 30  // bytes
	maxControl  = 1 << 20  // bytes, for all but values
	maxText     = 64 << 10 // bytes, for one text inside a control frame
)

// hello is the parent's answer to the challenge.
type hello struct {
	Protocol  int
	Challenge []byte // the bytes of the challenge
	PID       int    // of the parent
	Worker    string
	Mode      string // modeOnce, modePool or modeStream
	Depth     int    // of the child; 1 for the child of an ordinary program
	First     uint64 // the number of the first call, and of the first item in both directions
}

const (
	protocol   = 2
	modeOnce   = "once"
	modePool   = "pool"
	modeStream = "stream"
)

// remotePanic is the form in which a panic crosses the border.
type remotePanic struct{ Value, Stack string }

// writeFrame writes one frame. It is not safe for concurrent use.
func writeFrame(w io.Writer, kind byte, number uint64, payload []byte) error {
	const joined = 64 << 10 // above this size copying costs more than a second write
	head := make([]byte, frameHeader, frameHeader+min(len(payload), joined))
	head[0] = kind
	binary.BigEndian.PutUint64(head[1:], number)
	binary.BigEndian.PutUint32(head[9:], uint32(len(payload)))
	if len(payload) <= joined {
		_, err := w.Write(append(head, payload...))
		return err
	}
	if _, err := w.Write(head); err != nil {
		return err
	}
	_, err := w.Write(payload)
	return err
}

func writeJSON(w io.Writer, kind byte, number uint64, v any) error {
	data, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return writeFrame(w, kind, number, data)
}

// frameTooLarge is the error of a frame that exceeds the reader's limit. The
// payload has not been read.
type frameTooLarge struct{ size, limit int }

func (e *frameTooLarge) Error() string {
	return fmt.Sprintf("frame of %d bytes exceeds %d", e.size, e.limit)
}

// strayFrame is the error of a frame that nobody waits for. Its payload has not
// been read.
type strayFrame struct {
	kind         byte
	number, want uint64
}

func (e *strayFrame) Error() string {
	return fmt.Sprintf("stray frame %q with the number %d, not %d", e.kind, e.number, e.want)
}

// readFrame reads one frame, which must have this number. limit bounds the
// payload of results, arguments and items; everything else is bounded by
// maxControl. The error is io.EOF only between frames.
func readFrame(r io.Reader, number uint64, limit int) (frame, error) {
	var head [frameHeader]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return frame{}, err
	}
	f := frame{kind: head[0]}
	got, size := binary.BigEndian.Uint64(head[1:]), binary.BigEndian.Uint32(head[9:])
	if got != number {
		return frame{}, &strayFrame{f.kind, got, number}
	}
	switch f.kind {
	case frameCall, frameResult, frameItem:
	default:
		limit = maxControl
	}
	if uint64(size) > uint64(max(limit, 0)) {
		return frame{}, &frameTooLarge{int(size), limit}
	}
	f.payload = make([]byte, size)
	if _, err := io.ReadFull(r, f.payload); err != nil {
		if err == io.EOF {
			err = io.ErrUnexpectedEOF
		}
		return frame{}, err
	}
	return f, nil
}

// duplex is a connection in two directions. On unix both files are the same
// socket; on Windows they are the ends of two pipes.
type duplex struct{ r, w *os.File }

func (d duplex) Read(p []byte) (int, error)  { return d.r.Read(p) }
func (d duplex) Write(p []byte) (int, error) { return d.w.Write(p) }

func (d duplex) Close() error {
	err := d.r.Close()
	if d.w != d.r {
		if e := d.w.Close(); err == nil {
			err = e
		}
	}
	return err
}

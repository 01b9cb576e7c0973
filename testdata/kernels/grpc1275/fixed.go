// Package grpc1275 is a fixed form: closing a stream closes the channel that
// its reader waits for.
package grpc1275

import (
	"io"
	"time"
)

type recvBuffer struct{ c chan bool }

func (b *recvBuffer) get() <-chan bool { return b.c }

type recvReader struct{ recv *recvBuffer }

func (r *recvReader) Read([]byte) (int, error) {
	select {
	case <-r.recv.get():
	}
	return 0, io.EOF
}

type stream struct {
	reader io.Reader
	buf    *recvBuffer
}

func (s *stream) Read(p []byte) (int, error) { return io.ReadFull(s.reader, p) }

type client struct{}

func (t *client) newStream() *stream {
	b := &recvBuffer{c: make(chan bool)}
	return &stream{reader: &recvReader{b}, buf: b}
}

func (t *client) closeStream(s *stream) { close(s.buf.c) }

// Run reads from a stream and closes it.
func Run() {
	t := &client{}
	s := t.newStream()
	donec := make(chan bool)
	go func() {
		defer close(donec)
		s.Read([]byte{1})
	}()
	t.closeStream(s)
	timeout := time.NewTimer(time.Microsecond)
	defer timeout.Stop()
	select {
	case <-donec:
	case <-timeout.C:
	}
}

package memory

import (
	"io"
	"net"
	"strings"
)

// memory.go: a reader of the package whose method is in sight.

type text struct{ s string }

func (t text) Read(b []byte) (int, error) {
	if len(b) < len(t.s) {
		return 0, io.ErrUnexpectedEOF
	}
	return copy(b, t.s), io.EOF
}

type zeros struct{}

func (*zeros) Read(b []byte) (int, error) { return len(b), nil }

type fromConn struct{ c net.Conn }

func (f *fromConn) Read(b []byte) (int, error) { return f.c.Read(b) }

func Copies(c net.Conn) {
	go io.Copy(new(strings.Builder), text{"text"}) // WANT: ends
	go func() {                                    // WANT: ends
		var r io.Reader = &text{"text"}
		io.ReadAll(r)
	}()
	go io.Copy(io.Discard, &zeros{})     // WANT: unknown (waits in io.Copy at +0, and nobody else calls a close of &zeros{})
	go io.Copy(io.Discard, &fromConn{c}) // WANT: unknown (waits in io.Copy at +0, and nobody else calls a close of &fromConn{…})
}

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

func (f *fromConn) Read(b []byte) (int, error) { return f.c.Read(b) } // WANT: call: close f.c.Close, close f.c.Close

func Copies(c net.Conn) {
	go io.Copy(new(strings.Builder), text{"text"})
	go func() {
		var r io.Reader = &text{"text"}
		io.ReadAll(r) // WANT: call: data itself, timed, stays
	}()
	go io.Copy(io.Discard, &zeros{})     // WANT: stays in call at +0
	go io.Copy(io.Discard, &fromConn{c}) // WANT: stays in call at +0
}

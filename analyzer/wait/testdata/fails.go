package fails

import (
	"errors"
	"io"
	"net"
)

// failing of causes.go: what a helper works on that its caller is given.

func Literal(c net.PacketConn, to net.Conn) {
	go func() { // WANT: stays in loop at +1, call at +5, call at +12
		for { // WANT: loop: close c by who calls, close to by who calls
			err := func() error {
				b := make([]byte, 100)
				defer clear(b)
				n, _, err := c.ReadFrom(b) // WANT: call: close c by who calls, close c by who calls
				if err != nil {
					return err
				}
				if n == 0 {
					return nil
				}
				_, err = to.Write(b[:n]) // WANT: call: close to by who calls, close to by who calls
				return err
			}()
			if err != nil {
				return
			}
		}
	}()
}

func readOne(c net.Conn) error {
	b := make([]byte, 1)
	_, err := c.Read(b) // WANT: call: close c by who calls, close c by who calls
	if err != nil {
		return errors.Join(err, io.EOF)
	}
	return nil
}

func Helper(c net.Conn) {
	go func() { // WANT: stays in loop at +1, call at -8
		for { // WANT: loop: close c by who calls, close c by who calls
			if err := readOne(c); err != nil {
				return
			}
		}
	}()
}

func forgets(c net.Conn) error {
	b := make([]byte, 1)
	_, err := c.Read(b) // WANT: call: close c by who calls, close c by who calls
	if err != nil {
		return nil
	}
	return nil
}

func Forgets(c net.Conn) {
	go func() { // WANT: stays in loop at +1, call at -8
		for { // WANT: loop: data never
			if err := forgets(c); err != nil {
				return
			}
		}
	}()
}

func retries(c net.Conn, n int) error {
	b := make([]byte, 1)
	_, err := c.Read(b) // WANT: call: close c by who calls, close c by who calls
	if n > 1 {
		return nil
	}
	return err
}

func Retries(c net.Conn, n int) {
	go func() { // WANT: stays in call at -8, loop at +1
		for { // WANT: loop: data
			if err := retries(c, n); err != nil {
				return
			}
		}
	}()
}

// failure: an error that is kept in a field, and looked at at once.

type Decoder struct {
	c   net.Conn
	err error
	n   int
}

func (d *Decoder) Close() { d.c.Close() }

func (d *Decoder) run() {
	b := make([]byte, 1)
	for { // WANT: loop: close d.c.Close as a stop, close d.c.Close as a stop
		if _, d.err = d.c.Read(b); d.err != nil { // WANT: call: close d.c.Close as a stop, close d.c.Close as a stop
			return
		}
	}
}

func (d *Decoder) runLater() {
	b := make([]byte, 1)
	for { // WANT: loop: data
		_, d.err = d.c.Read(b) // WANT: call: close d.c.Close as a stop, close d.c.Close as a stop
		d.forget()
		if d.err != nil {
			return
		}
	}
}

func (d *Decoder) forget() { d.err = nil }

func Decode(d *Decoder) {
	go d.run()      // WANT: stays in loop at -21
	go d.runLater() // WANT: stays in loop at -13, call at -12
}

package fails

import (
	"errors"
	"io"
	"net"
)

// failing of causes.go: what a helper works on that its caller is given.

func Literal(c net.PacketConn, to net.Conn) {
	go func() { // WANT: ends, if c is closed and to is closed
		for {
			err := func() error {
				b := make([]byte, 100)
				defer clear(b)
				n, _, err := c.ReadFrom(b)
				if err != nil {
					return err
				}
				if n == 0 {
					return nil
				}
				_, err = to.Write(b[:n])
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
	_, err := c.Read(b)
	if err != nil {
		return errors.Join(err, io.EOF)
	}
	return nil
}

func Helper(c net.Conn) {
	go func() { // WANT: ends, if c is closed
		for {
			if err := readOne(c); err != nil {
				return
			}
		}
	}()
}

func forgets(c net.Conn) error {
	b := make([]byte, 1)
	_, err := c.Read(b)
	if err != nil {
		return nil
	}
	return nil
}

func Forgets(c net.Conn) {
	go func() { // WANT: stuck (the loop at +1 has no exit)
		for {
			if err := forgets(c); err != nil {
				return
			}
		}
	}()
}

func retries(c net.Conn, n int) error {
	b := make([]byte, 1)
	_, err := c.Read(b)
	if n > 1 {
		return nil
	}
	return err
}

func Retries(c net.Conn, n int) {
	go func() { // WANT: unknown (the loop at +1 ends when its data say so)
		for {
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
	for {
		if _, d.err = d.c.Read(b); d.err != nil {
			return
		}
	}
}

func (d *Decoder) runLater() {
	b := make([]byte, 1)
	for {
		_, d.err = d.c.Read(b)
		d.forget()
		if d.err != nil {
			return
		}
	}
}

func (d *Decoder) forget() { d.err = nil }

func Decode(d *Decoder) {
	go d.run()      // WANT: stops by d.c.Close
	go d.runLater() // WANT: unknown (the loop at -13 ends when its data say so; it heeds d.c.Close)
}

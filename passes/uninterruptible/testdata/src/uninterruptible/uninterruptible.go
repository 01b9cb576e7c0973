package uninterruptible

import (
	"bufio"
	"context"
	"io"
	"net"
	"os"
	"time"
)

func SleepBad(ctx context.Context, check func()) {
	go func() {
		for ctx.Err() == nil {
			check()
			time.Sleep(time.Hour) // want `ctx does not end time.Sleep`
		}
	}()
}

func SelectOk(ctx context.Context, check func()) {
	go func() {
		for ctx.Err() == nil {
			check()
			select {
			case <-time.After(time.Hour):
			case <-ctx.Done():
				return
			}
		}
	}()
}

// Too short to matter.
func ShortOk(ctx context.Context, check func()) {
	go func() {
		for ctx.Err() == nil {
			check()
			time.Sleep(time.Millisecond)
		}
	}()
}

// A second stop signal while the goroutine sleeps on account of the first.

func DelayedBad(ctx context.Context, delay time.Duration) context.CancelFunc {
	out, cancel := context.WithCancel(context.Background())
	go func() {
		defer cancel()
		select {
		case <-ctx.Done():
		case <-out.Done():
			return
		}
		time.Sleep(delay) // want `out.Done\(\) does not end time.Sleep`
	}()
	return cancel
}

// The second one ends with the first: the sleep is a time of grace.
func GraceOk(ctx context.Context, delay time.Duration) context.CancelFunc {
	out, cancel := context.WithCancel(ctx)
	go func() {
		defer cancel()
		select {
		case <-ctx.Done():
		case <-out.Done():
			return
		}
		time.Sleep(delay)
	}()
	return cancel
}

// Handles that nobody closes.

func acceptBad(ctx context.Context, ln net.Listener) {
	for ctx.Err() == nil {
		conn, err := ln.Accept() // want `nobody closes ln`
		if err != nil {
			return
		}
		conn.Close()
	}
}

func Accept(ctx context.Context) error {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	go acceptBad(ctx, ln)
	return nil
}

func acceptOk(ctx context.Context, ln net.Listener) {
	for ctx.Err() == nil {
		conn, err := ln.Accept()
		if err != nil {
			return
		}
		conn.Close()
	}
}

func AcceptOk(ctx context.Context) error {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	go acceptOk(ctx, ln)
	<-ctx.Done()
	return ln.Close()
}

// One handle of a copy is enough to keep it.
func CopyBad(ctx context.Context, addr string) error {
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		return err
	}
	go func() {
		if ctx.Err() == nil {
			io.Copy(io.Discard, conn) // want `nobody closes what is behind conn`
		}
	}()
	return nil
}

// The other end of the pipe is closed.
func PipeOk(ctx context.Context, use func(string)) error {
	r, w, err := os.Pipe()
	if err != nil {
		return err
	}
	go func() {
		in := bufio.NewScanner(r)
		for in.Scan() && ctx.Err() == nil {
			use(in.Text())
		}
	}()
	<-ctx.Done()
	return w.Close()
}

func PipeBad(ctx context.Context, use func(string)) error {
	r, w, err := os.Pipe()
	if err != nil {
		return err
	}
	go func() {
		in := bufio.NewScanner(r)
		for in.Scan() && ctx.Err() == nil { // want `nobody closes what is behind in`
			use(in.Text())
		}
	}()
	_, err = w.WriteString("start")
	return err
}

func inputBad(ctx context.Context, use func(string)) {
	in := bufio.NewScanner(os.Stdin)
	for in.Scan() { // want `nor a Close ends a read of standard input`
		if ctx.Err() != nil {
			return
		}
		use(in.Text())
	}
}

func Input(ctx context.Context, use func(string)) { go inputBad(ctx, use) }

// A captured variable that is set once.
func CapturedOk(ctx context.Context, check func()) {
	pause := 10 * time.Millisecond
	go func() {
		for ctx.Err() == nil {
			check()
			time.Sleep(pause)
		}
	}()
}

func CapturedBad(ctx context.Context, check func()) {
	pause := 10 * time.Minute
	go func() {
		for ctx.Err() == nil {
			check()
			time.Sleep(pause) // want `ctx does not end time.Sleep`
		}
	}()
}

type port int

// An address that nobody has to be asked for, as far as is known, and no handshake.
func DialOk(ctx context.Context) {
	go func() {
		for ctx.Err() == nil {
			if c, err := net.Dial("udp", "127.0.0.1:8125"); err == nil {
				c.Close()
			}
			if c, err := net.DialTimeout("tcp", "example.com:80", time.Second); err == nil {
				c.Close()
			}
			net.ResolveUDPAddr("udp", ":80")
			net.ResolveUDPAddr("udp", ctx.Value(port(1)).(string))
		}
	}()
}

func DialBad(ctx context.Context) {
	go func() {
		for ctx.Err() == nil {
			if c, err := net.Dial("tcp", "192.0.2.1:80"); err == nil { // want `ctx does not end it, net.Dialer.DialContext takes a context`
				c.Close()
			}
			if c, err := net.Dial("udp", "example.com:80"); err == nil { // want `ctx does not end it, net.Dialer.DialContext takes a context`
				c.Close()
			}
		}
	}()
}

package p

import (
	"context"
	"net"
	"os"
	"os/exec"
	"time"
)

// No stop ends what it waits for.
func deaf(ctx context.Context, stopped *bool) error {
	l, err := net.Listen("tcp", ":0")
	if err != nil {
		return err
	}
	go func() {
		for ctx.Err() == nil {
			time.Sleep(2 * time.Minute)       // WANT: deaf to ctx: a sleep
			l.Accept()                        // WANT: deaf to ctx: nobody closes it
			net.Dial("tcp", "example.com:80") // WANT: deaf to ctx: has a form with a context
			os.Stdin.Read(nil)                // WANT: deaf to ctx: standard input
			time.Sleep(time.Millisecond)
		}
	}()
	go func() {
		for !*stopped {
			time.Sleep(time.Hour) // WANT: deaf to a flag: a sleep without a stop
		}
	}()
	return nil
}

type source struct {
	l net.Listener
	t *time.Ticker
}

// The close makes each Accept fail, and the loop goes on.
func (s *source) accept() {
	for {
		conn, err := s.l.Accept() // WANT: goes on after a close
		if err != nil {
			continue
		}
		conn.Close()
	}
}

func (s *source) tick() {
	for range s.t.C { // WANT: goes on after a stop
		println()
	}
}

func newSource() (*source, error) {
	l, err := net.Listen("tcp", ":0")
	if err != nil {
		return nil, err
	}
	s := &source{l, time.NewTicker(time.Second)}
	go s.accept()
	go s.tick()
	return s, nil
}

func (s *source) Stop() {
	s.l.Close()
	s.t.Stop()
}

func script(ctx context.Context) {
	go func() { exec.CommandContext(ctx, "sh", "-c", "make").Output() }() // WANT: children may hold the output
}

func blocking(f *os.File) {
	f.Fd()
	f.SetDeadline(time.Now()) // WANT: does not end a read
}

// A timer brings one value.
func once(then func()) {
	t := time.NewTimer(time.Second)
	<-t.C
	then()
	<-t.C // WANT: nothing is left in t.C
}

func hour(ctx context.Context) {
	go func() {
		<-time.After(time.Hour) // WANT: deaf to ctx: a timer
		<-ctx.Done()
	}()
}

// Its callers start it, and no round looks at the context.
func retry(ctx context.Context, try func() bool) {
	for !try() {
		time.Sleep(time.Hour) // WANT: deaf to ctx: a sleep
	}
}

func client(ctx context.Context) (net.Conn, error) {
	l, err := net.Listen("tcp", ":0")
	if err != nil {
		return nil, err
	}
	return l.Accept() // WANT: deaf to ctx: nobody closes it
}

// The context bounds the dial, and nothing the read.
func made(ctx context.Context) error {
	var d net.Dialer
	c, err := d.DialContext(ctx, "tcp", ":1")
	if err != nil {
		return err
	}
	go func() { c.Read(make([]byte, 1)) }() // WANT: the context bounds the making
	return nil
}

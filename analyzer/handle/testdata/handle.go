package p

import (
	"context"
	"net"
	"os"
	"os/exec"
	"time"
)

func serve(l net.Listener) {
	go func() { l.Accept() }() // WANT: perhaps another
}

func listen() error {
	l, err := net.Listen("tcp", ":0")
	if err != nil {
		return err
	}
	go func() { l.Accept() }() // WANT: made here, sealed
	return nil
}

func listenAndClose(ctx context.Context) error {
	l, err := net.Listen("tcp", ":0")
	if err != nil {
		return err
	}
	go func() { l.Accept() }() // WANT: made here, sealed, ended by close
	<-ctx.Done()
	return l.Close()
}

func dial() error {
	c, err := net.Dial("tcp", ":1")
	if err != nil {
		return err
	}
	go func() {
		buf := make([]byte, 1)
		c.Read(buf) // WANT: made here, sealed, ended by deadline
	}()
	return c.SetReadDeadline(time.Now())
}

// Who closes it only after the wait ends nothing.
func closesItself() error {
	c, err := net.Dial("tcp", ":1")
	if err != nil {
		return err
	}
	go func() {
		defer c.Close()
		buf := make([]byte, 1)
		c.Read(buf) // WANT: made here, sealed
	}()
	return nil
}

type server struct{ l net.Listener }

func newServer() (*server, error) {
	l, err := net.Listen("tcp", ":0")
	if err != nil {
		return nil, err
	}
	s := &server{l: l}
	go s.run()
	return s, nil
}

func (s *server) run() { s.l.Accept() } // WANT: made here, sealed, ended by close

func (s *server) Close() error { return s.l.Close() }

func handed(use func(net.Conn)) error {
	c, err := net.Dial("tcp", ":1")
	if err != nil {
		return err
	}
	go func() {
		buf := make([]byte, 1)
		c.Read(buf) // WANT: made here
	}()
	use(c)
	return nil
}

func input() {
	go func() {
		buf := make([]byte, 1)
		os.Stdin.Read(buf) // WANT: perhaps another, is os.Stdin
	}()
}

func pipe() error {
	r, w, err := os.Pipe()
	if err != nil {
		return err
	}
	go func() {
		buf := make([]byte, 1)
		r.Read(buf) // WANT: made here, sealed, ended by its other end
	}()
	return w.Close()
}

// FN_child: that the process of a command is killed is not seen.
func FN_child() error {
	cmd := exec.Command("sleep", "1")
	if err := cmd.Start(); err != nil {
		return err
	}
	go func() { cmd.Wait() }() // WANT: made here, sealed
	return cmd.Process.Kill()
}

func childOfContext(ctx context.Context) {
	cmd := exec.CommandContext(ctx, "sleep", "1")
	go func() { cmd.Run() }() // WANT: made here, sealed
}

// FN_inMap: what is kept in a map is not followed.
func FN_inMap(conns map[string]net.Conn) error {
	c, err := net.Dial("tcp", ":1")
	if err != nil {
		return err
	}
	conns["a"] = c
	go func() {
		buf := make([]byte, 1)
		conns["a"].Read(buf) // WANT: perhaps another
	}()
	return nil
}

package falsestop

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"os"
	"os/exec"
	"time"
)

type server struct{ ln net.Listener }

func (s *server) run() {
	for {
		conn, err := s.ln.Accept() // want "^close has no effect: s.ln.Accept returns an error"
		if err != nil {
			continue
		}
		conn.Close()
	}
}

func startBadly() (*server, error) {
	ln, err := net.Listen("tcp", ":0")
	if err != nil {
		return nil, err
	}
	s := &server{ln}
	go s.run()
	return s, nil
}

func (s *server) Close() { s.ln.Close() }

type fineServer struct{ ln net.Listener }

func (s *fineServer) runOk() {
	for {
		conn, err := s.ln.Accept()
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err != nil {
			continue
		}
		conn.Close()
	}
}

func (s *fineServer) start() { go s.runOk() }
func (s *fineServer) Close() { s.ln.Close() }

// The error that says that the end has come is swallowed.
func readAllBad(conn net.Conn, use func([]byte)) error {
	buf := make([]byte, 512)
	for {
		n, err := conn.Read(buf)
		if errors.Is(err, net.ErrClosed) { // want "net.ErrClosed says that the end has come"
			continue
		}
		if err != nil {
			return err
		}
		use(buf[:n])
	}
}

// The loop takes note of the error.
func noteOk(r io.Reader, use func([]byte)) error {
	buf := make([]byte, 512)
	var last error
	for {
		if last != nil {
			return last
		}
		n, err := r.Read(buf)
		use(buf[:n])
		last = err
		if err == io.EOF {
			last = nil
		}
	}
}

// It follows a file that grows.
func followOk(f *os.File, use func([]byte)) error {
	buf := make([]byte, 512)
	for {
		n, err := f.Read(buf)
		if err == io.EOF {
			time.Sleep(time.Second)
			continue
		}
		if err != nil {
			return err
		}
		use(buf[:n])
	}
}

// The context bounds the name lookup of Listen, nothing else.
func listenBad(ctx context.Context) {
	var lc net.ListenConfig
	ln, err := lc.Listen(ctx, "tcp", ":0")
	if err != nil {
		return
	}
	defer ln.Close()
	for {
		conn, err := ln.Accept() // want "the context given to lc.Listen does not end ln.Accept"
		if err != nil {
			return
		}
		conn.Close()
	}
}

func listenOk(ctx context.Context) {
	var lc net.ListenConfig
	ln, err := lc.Listen(ctx, "tcp", ":0")
	if err != nil {
		return
	}
	defer context.AfterFunc(ctx, func() { ln.Close() })()
	for {
		conn, err := ln.Accept()
		if err != nil {
			return
		}
		conn.Close()
	}
}

func startListeners() {
	ctx, cancel := context.WithCancel(context.Background())
	go listenBad(ctx)
	go listenOk(ctx)
	cancel()
}

type clock struct{ t *time.Ticker }

func (c *clock) run(tick func()) {
	for range c.t.C {
		tick()
	}
}

func (c *clock) start(tick func()) { go c.run(tick) }

func (c *clock) stopBad() {
	c.t.Stop() // want "c.t.Stop does not close c.t.C"
}

type alarm struct{ t *time.Timer }

func (a *alarm) start(ring func()) {
	go func() {
		<-a.t.C
		ring()
	}()
}

func (a *alarm) stopBad() {
	a.t.Stop() // want "after a.t.Stop nothing comes from a.t.C"
}

// The timer is started again.
type watchdog struct{ t *time.Timer }

func (w *watchdog) start(bark func()) {
	go func() {
		<-w.t.C
		bark()
	}()
}

func (w *watchdog) feedOk() {
	if !w.t.Stop() {
		<-w.t.C
	}
	w.t.Reset(time.Second)
}

// The receive takes the value that Stop came too late for.
type deadman struct{ t *time.Timer }

func (d *deadman) kickOk() {
	if !d.t.Stop() {
		<-d.t.C
	}
}

func (d *deadman) start(work func()) {
	go func() {
		d.kickOk()
		work()
	}()
}

func (d *deadman) drainTimerOk() { d.t.Stop() }

func scriptBad(ctx context.Context, script string) {
	go func() {
		var out bytes.Buffer
		cmd := exec.CommandContext(ctx, "sh", "-c", script)
		cmd.Stdout = &out
		cmd.Run() // want "^stop may have no effect: cmd.Run waits until all children"
	}()
}

func commandBad(ctx context.Context, name string) {
	go func() {
		cmd := exec.CommandContext(ctx, name)
		cmd.CombinedOutput() // want "^\\(ext\\) stop may have no effect"
	}()
}

func scriptFileOk(ctx context.Context, script string) {
	go func() {
		cmd := exec.CommandContext(ctx, "sh", "-c", script)
		cmd.Stdout = os.Stdout
		cmd.Run()
	}()
}

func scriptDelayOk(ctx context.Context, script string) {
	go func() {
		cmd := exec.CommandContext(ctx, "sh", "-c", script)
		cmd.Stdout = new(bytes.Buffer)
		cmd.WaitDelay = time.Second
		cmd.Run()
	}()
}

func deadlineBad(f *os.File, use func(uintptr)) error {
	use(f.Fd())
	return f.SetReadDeadline(time.Now()) // want "f.Fd has put the file in blocking mode"
}

func deadlineOk(f *os.File, use func(uintptr)) error {
	if err := f.SetReadDeadline(time.Now()); err != nil {
		return err
	}
	use(f.Fd())
	return nil
}

package causes

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"os"
	"sync"
	"sync/atomic"
	"time"
)

func work() bool { return time.Now().Unix() > 3 }

func try() error { return os.Chdir("/") }

var errBusy = errors.New("busy")

// causes.go

func stopped(ctx context.Context) bool {
	select {
	case <-ctx.Done():
		return true
	default:
		return false
	}
}

func pause(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(time.Second):
		return nil
	}
}

// late gives an error when its time has come.
func late(in chan int) error {
	select {
	case <-in:
		return nil
	case <-time.After(time.Second):
		return errBusy
	}
}

// hushes tells nobody that the context has ended.
func hushes(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return nil
	case <-time.After(time.Second):
		return try()
	}
}

func Causes(ctx context.Context, in chan int) {
	go func() { // WANT: stops by ctx.Err()
		for ctx.Err() == nil {
			work()
		}
	}()
	go func() { // WANT: stops by ctx.Done()
		for !stopped(ctx) {
			work()
		}
	}()
	go func() { // WANT: stops by ctx.Done()
		for {
			if err := pause(ctx); err != nil {
				return
			}
		}
	}()
	go func() { // WANT: ends
		for {
			if err := late(in); err != nil {
				return
			}
		}
	}()
	go func() { // WANT: ends, if the loop at +1 ends
		for {
			if err := hushes(ctx); err != nil {
				return
			}
		}
	}()
	go func() { // WANT: ends, if the loop at +1 ends
		for {
			if err := try(); err != nil {
				return
			}
			time.Sleep(time.Second)
		}
	}()
	go func() { // WANT: stuck (the loop at +1 has no exit)
		for ctx.Err() != nil || true {
			work()
		}
	}()
}

func Scans(c net.Conn) {
	s := bufio.NewScanner(c)
	go func() { // WANT: ends, if c is closed
		for s.Scan() {
			work()
		}
	}()
	r := bufio.NewReader(c)
	go func() { // WANT: ends, if c is closed
		for {
			if _, err := r.ReadByte(); err == io.EOF || err != nil {
				return
			}
		}
	}()
}

// stores.go

type flags struct {
	mu              sync.Mutex
	off, lost, back atomic.Bool
	plain, never    bool
	state           atomic.Int64
}

func (f *flags) isOff() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.plain
}

func Flags() *flags {
	f := &flags{}
	go func() { // WANT: stops by f.off.Load()
		for !f.off.Load() {
			time.Sleep(time.Second)
		}
	}()
	go func() { // WANT: stuck (the loop at +1 ends by f.lost.Load(), which nothing sets)
		for !f.lost.Load() {
			time.Sleep(time.Second)
		}
	}()
	go func() { // WANT: stuck (the loop at +1 ends by f.back.Load(), which nothing sets)
		for !f.back.Load() { // it is only set back
			time.Sleep(time.Second)
		}
	}()
	go func() { // WANT: stops by plain
		for !f.isOff() {
			time.Sleep(time.Second)
		}
	}()
	go func() { // WANT: stuck (the loop at +1 ends by never, which nothing sets)
		for !f.never {
			time.Sleep(time.Second)
		}
	}()
	go func() { // WANT: stops by f.state.Load()
		for f.state.Load() != 3 {
			time.Sleep(time.Second)
		}
	}()
	return f
}

func (f *flags) Close() {
	f.off.Store(true)
	f.back.Store(false)
	f.state.Store(3)
	f.mu.Lock()
	f.plain = true
	f.mu.Unlock()
}

// A flag of the loop itself is no stop.
func OwnFlag() {
	go func() { // WANT: ends, if the loop at +2 ends
		done := false
		for !done {
			if work() {
				done = true
			}
			time.Sleep(time.Second)
		}
	}()
}

// together.go

type server struct {
	l    net.Listener
	quit chan struct{}
	off  atomic.Bool
}

func Serve(l net.Listener) *server {
	s := &server{l: l, quit: make(chan struct{})}
	go s.accept()  // WANT: stops by all of s.l.Close, s.quit
	go s.flagged() // WANT: stops by all of s.l.Close, s.off.Load()
	go s.loose()   // WANT: unknown (the loop at +35 ends when its data say so; it heeds s.l.Close)
	go s.none()    // WANT: stuck (the loop at +52 has no exit)
	return s
}

func (s *server) accept() {
	for {
		c, err := s.l.Accept()
		if err != nil {
			select {
			case <-s.quit:
				return
			case <-time.After(time.Second):
			}
			continue
		}
		c.Close()
	}
}

func (s *server) flagged() {
	for {
		c, err := s.l.Accept()
		if err != nil {
			if s.off.Load() {
				return
			}
			continue
		}
		c.Close()
	}
}

// loose does not ask after each failure.
func (s *server) loose() {
	for {
		c, err := s.l.Accept()
		if err != nil {
			if errors.Is(err, errBusy) {
				continue
			}
			select {
			case <-s.quit:
				return
			case <-time.After(time.Second):
			}
			continue
		}
		c.Close()
	}
}

func (s *server) none() {
	for {
		c, err := s.l.Accept()
		if err != nil {
			continue
		}
		c.Close()
	}
}

func (s *server) Close() {
	close(s.quit)
	s.off.Store(true)
	s.l.Close()
}

// A function that fails where it fails itself.
func descend(n int) error {
	if err := descend(n - 1); err != nil {
		return err
	}
	return nil
}

func RunDescend() {
	go func() { // WANT: ends, if the loop at +1 ends
		for {
			if err := descend(3); err != nil {
				return
			}
		}
	}()
}

// Package handles holds listeners, servers and pipes that the function which makes them
// leaves open, always or on some of its ways.
package handles

import (
	"bufio"
	"context"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"sync"
	"time"
)

func fails() error { return errors.New("fails") }

func work() { time.Sleep(time.Second) }

func listen() (net.Listener, error) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	return ln, nil
}

func acceptBad(ln net.Listener) {
	for { // want `goroutine may never stop: only ln.Close would end this, and FunctionLeaves can return without it`
		c, err := ln.Accept()
		if err != nil {
			return
		}
		c.Close()
	}
}

func FunctionLeaves() error {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	go acceptBad(ln)
	if err := fails(); err != nil {
		return err
	}
	work()
	return ln.Close()
}

func acceptWell(ln net.Listener) {
	for {
		c, err := ln.Accept()
		if err != nil {
			return
		}
		c.Close()
	}
}

func FunctionGood() error {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	defer ln.Close()
	go acceptWell(ln)
	if err := fails(); err != nil {
		return err
	}
	work()
	return nil
}

// Where nothing was made there is nothing to close.
func Optional(addr string) error {
	var ln net.Listener
	if addr != "" {
		var err error
		if ln, err = net.Listen("tcp", addr); err != nil {
			return err
		}
		go acceptWell(ln)
	}
	work()
	if ln != nil {
		return ln.Close()
	}
	return nil
}

type server struct {
	ln net.Listener
}

func newServer() *server {
	s := &server{}
	s.ln, _ = listen()
	go s.acceptBad()
	return s
}

func (s *server) acceptBad() {
	for { // want `goroutine may never stop: only s.ln.Close would end this, and MethodLeaves can return without it`
		c, err := s.ln.Accept()
		if err != nil {
			return
		}
		c.Close()
	}
}

func (s *server) stop() { s.ln.Close() }

func MethodLeaves(n int) {
	s := newServer()
	work()
	if n > 5 {
		return
	}
	s.stop()
}

type served struct {
	ln net.Listener
}

func newServed() (*served, error) {
	ln, err := listen()
	if err != nil {
		return nil, err
	}
	s := &served{ln: ln}
	go s.accept()
	return s, nil
}

func (s *served) accept() {
	for {
		c, err := s.ln.Accept()
		if err != nil {
			return
		}
		c.Close()
	}
}

func (s *served) stop() { s.ln.Close() }

func MethodGood(n int) error {
	s, err := newServed()
	if err != nil {
		return err
	}
	defer s.stop()
	work()
	if n > 5 {
		return nil
	}
	work()
	return nil
}

// Others get the object, and may close it.
type Handed struct {
	ln net.Listener
}

func NewHanded() *Handed {
	ln, _ := listen()
	h := &Handed{ln}
	go h.accept()
	return h
}

func (h *Handed) accept() {
	for {
		c, err := h.ln.Accept()
		if err != nil {
			return
		}
		c.Close()
	}
}

func (h *Handed) Close() error { return h.ln.Close() }

func GroupBad() {
	r, w := io.Pipe()
	var wg sync.WaitGroup
	wg.Go(func() {
		if _, err := io.Copy(io.Discard, r); err != nil { // want `goroutine never stops: only r.Close would end this, and nobody calls it`
			log.Println(err)
		}
	})
	w.Write([]byte("a"))
}

func GroupGood() {
	r, w := io.Pipe()
	var wg sync.WaitGroup
	wg.Go(func() {
		if _, err := io.Copy(io.Discard, r); err != nil {
			log.Println(err)
		}
	})
	w.Write([]byte("a"))
	w.Close()
	wg.Wait()
}

func start(f func()) {
	go func() {
		defer log.Println("left")
		f()
	}()
}

func WrapperBad(n int) {
	r, w := io.Pipe()
	start(func() {
		lines := bufio.NewScanner(r)
		for lines.Scan() { // want `goroutine may never stop: only w.Close would end this, and WrapperBad can return without it`
			log.Println(lines.Text())
		}
	})
	defer func() {
		if n <= 5 {
			w.Close()
		}
	}()
	work()
}

func WrapperGood(n int) {
	r, w := io.Pipe()
	start(func() {
		lines := bufio.NewScanner(r)
		for lines.Scan() {
			log.Println(lines.Text())
		}
	})
	defer func() {
		if n <= 5 {
			log.Println(n)
		}
		w.Close()
	}()
	work()
}

// A pipe that a callee out of sight has may be closed there.
func Unseen(give func(io.Closer)) {
	r, w := io.Pipe()
	start(func() {
		io.Copy(io.Discard, r)
	})
	give(w)
}

func ConnBad() {
	a, b := net.Pipe()
	go func() {
		buf := make([]byte, 8)
		for { // want `goroutine never stops: only a.Close would end this, and nobody calls it`
			if _, err := a.Read(buf); err != nil {
				return
			}
		}
	}()
	b.Write([]byte("a"))
}

func ConnGood() {
	a, b := net.Pipe()
	go func() {
		buf := make([]byte, 8)
		for {
			if _, err := a.Read(buf); err != nil {
				return
			}
		}
	}()
	b.Write([]byte("a"))
	b.Close()
}

// A deadline ends the read, but not the loop.
func DeadlineBad() {
	a, b := net.Pipe()
	go func() {
		buf := make([]byte, 8)
		for { // want `goroutine never stops: only a.Close would end this, and nobody calls it`
			if err := a.SetReadDeadline(time.Now().Add(time.Second)); err != nil {
				return
			}
			if _, err := a.Read(buf); err != nil {
				log.Println(err)
				continue
			}
		}
	}()
	b.Write([]byte("a"))
}

func DeadlineGood() {
	a, b := net.Pipe()
	go func() {
		buf := make([]byte, 8)
		for {
			if err := a.SetReadDeadline(time.Now().Add(time.Second)); err != nil {
				return
			}
			if _, err := a.Read(buf); err != nil {
				return
			}
		}
	}()
	b.Write([]byte("a"))
}

// What was read may end it.
func Data() {
	a, b := net.Pipe()
	go func() {
		buf := make([]byte, 8)
		for {
			if _, err := a.Read(buf); err != nil {
				return
			}
			if buf[0] == 'q' {
				return
			}
		}
	}()
	b.Write([]byte("q"))
}

func ServerBad(n int) {
	ln, err := listen()
	if err != nil {
		return
	}
	srv := &http.Server{ReadHeaderTimeout: time.Second}
	go func() {
		if err := srv.Serve(ln); err != nil { // want `goroutine may never stop: only srv.Close would end this, and ServerBad can return without it`
			log.Println(err)
		}
	}()
	if n > 5 {
		return
	}
	work()
	srv.Close()
}

func ServerGood(n int) {
	ln, err := listen()
	if err != nil {
		return
	}
	srv := &http.Server{ReadHeaderTimeout: time.Second}
	go func() {
		if err := srv.Serve(ln); err != nil {
			log.Println(err)
		}
	}()
	defer srv.Shutdown(context.Background())
	if n > 5 {
		return
	}
	work()
}

// It may be meant to be there as long as the process: extended.
func ServerForLife() {
	srv := &http.Server{Addr: ":6060", ReadHeaderTimeout: time.Second}
	go func() {
		if err := srv.ListenAndServe(); err != nil {
			log.Println(err)
		}
	}()
}

func NeverCancelledBad() {
	a, b := net.Pipe()
	ctx, cancel := context.WithCancel(context.Background())
	_ = cancel
	context.AfterFunc(ctx, func() { a.Close() })
	go func() {
		buf := make([]byte, 8)
		for { // want `goroutine never stops: only a.Close would end this, and nobody calls it`
			if _, err := a.Read(buf); err != nil {
				return
			}
		}
	}()
	b.Write([]byte("a"))
}

func UndoneBad() {
	a, b := net.Pipe()
	ctx, cancel := context.WithCancel(context.Background())
	undo := context.AfterFunc(ctx, func() { a.Close() })
	go func() {
		buf := make([]byte, 8)
		for { // want `goroutine never stops: only a.Close would end this, and nobody calls it`
			if _, err := a.Read(buf); err != nil {
				return
			}
		}
	}()
	b.Write([]byte("a"))
	undo()
	cancel()
}

func Cancelled() {
	a, b := net.Pipe()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	context.AfterFunc(ctx, func() { a.Close() })
	go func() {
		buf := make([]byte, 8)
		for {
			if _, err := a.Read(buf); err != nil {
				return
			}
		}
	}()
	b.Write([]byte("a"))
}

// A watcher closes it.
func Watched(ctx context.Context) {
	ln, err := listen()
	if err != nil {
		return
	}
	go func() {
		<-ctx.Done()
		ln.Close()
	}()
	go acceptWell(ln)
}

// A type of the library has Close from what it embeds.

type udpReader struct{ c *net.UDPConn }

func (u *udpReader) StartOk(addr *net.UDPAddr, use func([]byte)) (err error) {
	u.c, err = net.ListenUDP("udp", addr)
	if err != nil {
		return err
	}
	go readUDP(u.c, use)
	return nil
}

func readUDP(c *net.UDPConn, use func([]byte)) {
	buf := make([]byte, 2000)
	for {
		n, _, err := c.ReadFromUDP(buf)
		if err != nil {
			return
		}
		use(buf[:n])
	}
}

func (u *udpReader) Close() error { return u.c.Close() }

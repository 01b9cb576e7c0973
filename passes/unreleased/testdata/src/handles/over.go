package handles

import (
	"context"
	"net"
	"net/http"
	"sync"
	"time"
)

// Where the server has said that it ended, there is nothing to close.
func ServeOk(ctx context.Context) error {
	srv := &http.Server{Addr: "127.0.0.1:0", ReadHeaderTimeout: time.Second}
	errs := make(chan error, 1)
	go func() { errs <- srv.ListenAndServe() }()
	select {
	case err := <-errs:
		return err
	case <-ctx.Done():
		return srv.Shutdown(context.Background())
	}
}

// The same, in rounds.
func AcceptOk(stop <-chan struct{}) error {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	errs := make(chan error, 1)
	go func() {
		for {
			c, err := ln.Accept()
			if err != nil {
				errs <- err
				return
			}
			c.Close()
		}
	}()
	for {
		select {
		case err := <-errs:
			return err
		case <-stop:
			ln.Close()
			stop = nil
		}
	}
}

func accepts(ln net.Listener) error {
	for {
		c, err := ln.Accept()
		if err != nil {
			return err
		}
		c.Close()
	}
}

// The wait is in a function that the goroutine calls; a deferred close tells.
func CalledOk(ctx context.Context) error {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		accepts(ln)
	}()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
	}
	return ln.Close()
}

// It waits for the goroutine.
func JoinedOk(n int) error {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	var wg sync.WaitGroup
	wg.Go(func() { accepts(ln) })
	if n > 0 {
		wg.Wait()
		return nil
	}
	return ln.Close()
}

// That it serves says nothing of its end.
func ReadyBad(ctx context.Context) error {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	ready := make(chan struct{})
	go func() {
		close(ready)
		for { // want "only ln.Close would end this, and ReadyBad can return without it"
			c, err := ln.Accept()
			if err != nil {
				return
			}
			c.Close()
		}
	}()
	select {
	case <-ready:
		return nil
	case <-ctx.Done():
	}
	return ln.Close()
}

// The next call closes what this one has started.

var current *http.Server

func Reload(addr string) {
	if current != nil {
		current.Close()
		current = nil
	}
	if addr == "" {
		return
	}
	current = &http.Server{Addr: addr, ReadHeaderTimeout: time.Second}
	go current.ListenAndServe()
}

// The close on the way of an error is not that of a later call.
func StartBad(check func() error) error {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	if err := check(); err != nil {
		ln.Close()
		return err
	}
	go func() {
		for { // want `only ln.Close would end this, and StartBad can return without it`
			c, err := ln.Accept()
			if err != nil {
				return
			}
			c.Close()
		}
	}()
	return nil
}

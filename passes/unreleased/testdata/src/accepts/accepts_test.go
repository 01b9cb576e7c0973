package accepts

import (
	"net"
	"testing"
)

// An accept fails when its listener is closed, which a test does when it is done.

func TestAcceptOk(t *testing.T) {
	ln, err := net.Listen("tcp", "localhost:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	conns := make(chan net.Conn, 1)
	go func() {
		c, err := ln.Accept()
		if err != nil {
			return
		}
		conns <- c
	}()
	c, err := net.Dial("tcp", ln.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	s := <-conns
	s.Close()
}

func accept(t *testing.T, ln net.Listener) (net.Conn, error) {
	c, err := ln.Accept()
	if err != nil {
		t.Error(err)
		return nil, err
	}
	return c, nil
}

func TestHelperOk(t *testing.T) {
	ln, err := net.Listen("tcp", "localhost:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	done := make(chan struct{})
	go func() {
		c, err := accept(t, ln)
		if err != nil {
			return
		}
		c.Close()
		close(done)
	}()
	c, err := net.Dial("tcp", ln.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	<-done
}

// A read fails if the other end is closed too early; a test counts on what it makes.

func TestServeOk(t *testing.T) {
	ln, err := net.Listen("tcp", "localhost:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	got := make(chan int, 1)
	go func() {
		c, err := ln.Accept()
		if err != nil {
			return
		}
		defer c.Close()
		buf := make([]byte, 8)
		n, err := c.Read(buf)
		if err != nil {
			return
		}
		got <- n
	}()
	c, err := net.Dial("tcp", ln.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	c.Close()
	<-got
}

// What a test does on one way only it does not do where it passes.

func TestLengthOk(t *testing.T) {
	got := make(chan int, 1)
	go func() {
		if len(t.Name()) > 5 {
			return
		}
		got <- 1
	}()
	<-got
}

func TestNobodyBad(t *testing.T) {
	got := make(chan int)
	go func() {
		<-got // want "goroutine waits for ever: nothing sends on got or closes it"
	}()
}

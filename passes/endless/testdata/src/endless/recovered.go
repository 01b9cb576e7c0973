package endless

import (
	"bufio"
	"net"
)

// A server panics on an error of its connection, and recovers that at the top.

type talk struct {
	conn net.Conn
	r    *bufio.Reader
}

func (t *talk) check(err error) {
	if err != nil {
		panic(err)
	}
}

func (t *talk) line() string {
	s, err := t.r.ReadString('\n')
	t.check(err)
	return s
}

func (t *talk) serveOk() {
	defer t.conn.Close()
	defer func() {
		if x := recover(); x != nil {
			println("ended")
		}
	}()
	for {
		println(t.line())
	}
}

// one recovers, and panics again with what ends the connection.
func (t *talk) one() {
	defer func() {
		x := recover()
		if x == nil {
			return
		}
		if _, ok := x.(net.Error); ok {
			panic(x)
		}
		println("again")
	}()
	println(t.line())
}

func (t *talk) againOk() {
	defer func() { recover() }()
	for {
		t.one()
	}
}

// swallow recovers from all.
func (t *talk) swallow() {
	defer func() { recover() }()
	println(t.line())
}

func (t *talk) serveBad() {
	defer func() { recover() }()
	for { // want "the loop has no exit"
		t.swallow()
	}
}

func listen(ln net.Listener) {
	for {
		c, err := ln.Accept()
		if err != nil {
			return
		}
		t := &talk{conn: c, r: bufio.NewReader(c)}
		go t.serveOk()
		go t.againOk()
		go t.serveBad()
	}
}

// A select that nothing matches is no panic that is written there.

type pipe2 struct{ in, out chan int }

func (p *pipe2) next() {
	select {
	case n := <-p.in:
		println(n)
	case p.out <- 1:
	}
}

func (p *pipe2) pumpBad() {
	defer func() { recover() }()
	for { // want "the loop has no exit"
		p.next()
	}
}

func StartPipe2(in, out chan int) {
	p := &pipe2{in: in, out: out}
	go p.pumpBad()
}

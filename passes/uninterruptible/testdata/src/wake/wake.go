// Package wake holds calls on handles that the stop does not end.
package wake

import (
	"bufio"
	"context"
	"net"
	"os"
)

func acceptBad(ctx context.Context, ln net.Listener) {
	// Until the context ends.
	for ctx.Err() == nil {
		conn, err := ln.Accept() // want `goroutine cannot stop in ln.Accept`
		if err != nil {
			continue // too many files
		}
		conn.Close()
	}
}

func accept() {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return
	}
	go acceptBad(ctx, ln)
	<-ctx.Done()
}

type lines struct{ n int }

func (l *lines) countBad(ctx context.Context, r *os.File) {
	in := bufio.NewScanner(r)
	for in.Scan() { // want `goroutine cannot stop in in.Scan`
		if ctx.Err() != nil {
			return
		}
		l.n++
	}
}

func count() {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	r, w, err := os.Pipe()
	if err != nil {
		return
	}
	go new(lines).countBad(ctx, r)
	<-ctx.Done()
	w.WriteString("end")
}

type peer struct {
	conn net.Conn
	quit chan struct{}
	read int
}

func dial(addr string) (*peer, error) {
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		return nil, err
	}
	p := &peer{conn: conn, quit: make(chan struct{})}
	go p.runBad()
	return p, nil
}

func (p *peer) runBad() {
	buf := make([]byte, 100)
	for {
		select {
		case <-p.quit:
			return
		default:
		}
		n, err := p.conn.Read(buf) // want `goroutine cannot stop in p.conn.Read`
		p.read += n
		if err != nil {
			return
		}
	}
}

// Close ends the peer.
func (p *peer) Close() { close(p.quit) }

// A report goes out as datagrams or as a stream: only the stream waits for its reader.
type report struct {
	datagrams *net.UDPConn
	stream    *net.TCPConn
	rounds    <-chan []byte
	quit      chan struct{}
}

func send(here *net.UDPAddr, there *net.TCPAddr, rounds <-chan []byte) (*report, error) {
	datagrams, err := net.DialUDP("udp", nil, here)
	if err != nil {
		return nil, err
	}
	stream, err := net.DialTCP("tcp", nil, there)
	if err != nil {
		return nil, err
	}
	r := &report{datagrams: datagrams, stream: stream, rounds: rounds, quit: make(chan struct{})}
	go r.scatterOk()
	go r.writeBad()
	return r, nil
}

func (r *report) scatterOk() {
	for {
		select {
		case <-r.quit:
			return
		case data := <-r.rounds:
			r.datagrams.Write(data)
		}
	}
}

func (r *report) writeBad() {
	for {
		select {
		case <-r.quit:
			return
		case data := <-r.rounds:
			r.stream.Write(data) // want `goroutine cannot stop in r.stream.Write`
		}
	}
}

func (r *report) Close() { close(r.quit) }

// Both ends of one connection: who dials has come before the accept.
func bothEndsOk(ctx context.Context) (net.Conn, net.Conn, error) {
	var lc net.ListenConfig
	ln, err := lc.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, nil, err
	}
	defer ln.Close()
	var d net.Dialer
	here, err := d.DialContext(ctx, "tcp", ln.Addr().String())
	if err != nil {
		return nil, nil, err
	}
	there, err := ln.Accept()
	if err != nil {
		here.Close()
		return nil, nil, err
	}
	return here, there, nil
}

// The second accept waits for somebody else.
func bothAndMoreBad(ctx context.Context, found func(net.Conn)) error {
	var lc net.ListenConfig
	ln, err := lc.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	defer ln.Close()
	var d net.Dialer
	here, err := d.DialContext(ctx, "tcp", ln.Addr().String())
	if err != nil {
		return err
	}
	defer here.Close()
	for {
		there, err := ln.Accept() // want `function cannot stop in ln.Accept`
		if err != nil {
			return err
		}
		found(there)
	}
}

// The stop may come while there is no connection: nothing can be called on it then.
type link struct {
	conn net.Conn
	n    int
}

func newLink(ctx context.Context) *link {
	l := &link{}
	go l.followBad(ctx)
	return l
}

func (l *link) followBad(ctx context.Context) {
	buf := make([]byte, 64)
	for ctx.Err() == nil {
		if l.conn == nil {
			l.dial()
			continue
		}
		n, err := l.conn.Read(buf) // want `goroutine cannot stop in l.conn.Read`
		if err != nil {
			l.drop()
			continue
		}
		l.n += n
	}
}

func (l *link) dial() {
	l.conn, _ = net.Dial("tcp", "127.0.0.1:1")
}

func (l *link) drop() { l.conn = nil }

// The connection is made before and stays. Who made it may ask whether he has.
type line struct {
	conn net.Conn
	n    int
}

func newLine(ctx context.Context, addr string) *line {
	l := &line{}
	l.conn, _ = net.Dial("tcp", addr)
	if l.conn == nil {
		return nil
	}
	go l.followBad(ctx)
	return l
}

func (l *line) followBad(ctx context.Context) {
	buf := make([]byte, 64)
	for ctx.Err() == nil {
		n, err := l.conn.Read(buf) // want `goroutine cannot stop in l.conn.Read`
		if err != nil {
			return
		}
		l.n += n
	}
}

func links(ctx context.Context) {
	newLink(ctx)
	newLine(ctx, "127.0.0.1:1")
}

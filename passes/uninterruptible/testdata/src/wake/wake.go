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

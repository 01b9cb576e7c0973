// Command uninterruptible-read serves connections in goroutines that have a
// context. The peer is silent, and nobody closes the connection.
package main

import (
	"bufio"
	"context"
	"net"
	"time"

	"example.com/leaks/judge"
)

type session struct {
	conn  net.Conn
	lines []string
}

func (s *session) serve(ctx context.Context) {
	r := bufio.NewReader(s.conn)
	for ctx.Err() == nil {
		line, err := r.ReadString('\n')
		if err != nil {
			return
		}
		s.lines = append(s.lines, line)
	}
}

func connect(addr string) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		panic(err)
	}
	s := &session{conn: conn}
	go s.serve(ctx)
	time.Sleep(10 * time.Millisecond)
}

func main() {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	defer ln.Close()
	for range 2 {
		connect(ln.Addr().String())
	}
	judge.Report()
}

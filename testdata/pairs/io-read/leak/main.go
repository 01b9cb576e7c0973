// Command leak reads from a silent peer with a context that ends.
package main

import (
	"context"
	"log"
	"net"
	"time"

	"example.com/leaks/judge"
)

type session struct {
	conn net.Conn
	n    int
}

func (s *session) read(ctx context.Context) {
	buf := make([]byte, 512)
	for ctx.Err() == nil {
		n, err := s.conn.Read(buf)
		s.n += n
		if err != nil {
			return
		}
	}
}

func talk(conn net.Conn) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	s := &session{conn: conn}
	go s.read(ctx)
	time.Sleep(5 * time.Millisecond)
}

func main() {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	conn, err := net.Dial("tcp", ln.Addr().String())
	if err != nil {
		log.Fatal(err)
	}
	for range 2 {
		talk(conn)
	}
	judge.Report()
	conn.Close()
	ln.Close()
}

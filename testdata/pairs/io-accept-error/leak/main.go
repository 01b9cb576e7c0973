// Command leak goes on accepting from a listener that was closed.
package main

import (
	"log"
	"net"
	"sync/atomic"
	"time"

	"example.com/leaks/judge"
)

type server struct {
	ln       net.Listener
	failures atomic.Int64
}

func listen() (*server, error) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	s := &server{ln: ln}
	go s.acceptLoop()
	return s, nil
}

func (s *server) acceptLoop() {
	for {
		conn, err := s.ln.Accept()
		if err != nil {
			s.failures.Add(1)
			time.Sleep(time.Millisecond)
			continue
		}
		conn.Close()
	}
}

// Close stops the server.
func (s *server) Close() { s.ln.Close() }

func main() {
	for range 2 {
		s, err := listen()
		if err != nil {
			log.Fatal(err)
		}
		s.Close()
	}
	judge.Report()
}

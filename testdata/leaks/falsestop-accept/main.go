// Command falsestop-accept takes the error of a closed listener for one more
// failed connection and tries again.
package main

import (
	"net"
	"time"

	"example.com/leaks/judge"
)

type server struct{ ln net.Listener }

func listen() (*server, error) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	s := &server{ln: ln}
	go s.accept()
	return s, nil
}

func (s *server) accept() {
	for {
		conn, err := s.ln.Accept()
		if err != nil {
			time.Sleep(5 * time.Millisecond)
			continue
		}
		go conn.Close()
	}
}

// Close stops the server.
func (s *server) Close() error { return s.ln.Close() }

func main() {
	for range 2 {
		s, err := listen()
		if err != nil {
			panic(err)
		}
		s.Close()
	}
	judge.Report()
}

package embedded

import "net"

// embedded.go: who has an object closes what is embedded in it.

type Server struct {
	net.Listener
	quit chan bool
}

func (s *Server) loop() {
	for {
		if _, err := s.Listener.Accept(); err != nil { // WANT: close s.Listener.Close surely
			return
		}
	}
}

func NewServer(ln net.Listener) *Server {
	s := &Server{Listener: ln}
	go s.loop()
	return s
}

type hidden struct{ net.Listener }

func (s *hidden) loop() {
	for {
		if _, err := s.Listener.Accept(); err != nil { // WANT: close s.Listener.Close surely
			return
		}
	}
}

func NewHidden(addr string) (net.Listener, error) {
	ln, err := net.Listen("tcp", addr)
	if err != nil {
		return nil, err
	}
	s := &hidden{ln}
	go s.loop()
	return s, nil
}

// Its own Close does something else.
type deaf struct{ net.Listener }

func (s *deaf) Close() error { return nil }

func (s *deaf) loop() {
	for {
		if _, err := s.Listener.Accept(); err != nil { // WANT: close s.Listener.Close unclear (nobody does)
			return
		}
	}
}

func NewDeaf(addr string) (net.Listener, error) {
	ln, err := net.Listen("tcp", addr)
	if err != nil {
		return nil, err
	}
	s := &deaf{ln}
	go s.loop()
	return s, nil
}

// Nobody else gets it.
type kept struct{ net.Listener }

func (s *kept) loop() {
	for {
		if _, err := s.Listener.Accept(); err != nil { // WANT: close s.Listener.Close unclear (nobody does)
			return
		}
	}
}

func Keep(addr string) error {
	ln, err := net.Listen("tcp", addr)
	if err != nil {
		return err
	}
	s := &kept{ln}
	go s.loop()
	return nil
}

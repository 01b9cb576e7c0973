package embedded

import "net"

// embedded.go: who has an object closes what is embedded in it.

type Server struct {
	net.Listener
	quit chan bool
}

func (s *Server) loop() {
	for {
		if _, err := s.Listener.Accept(); err != nil {
			return
		}
	}
}

func NewServer(ln net.Listener) *Server {
	s := &Server{Listener: ln}
	go s.loop() // WANT: stops by s.Listener.Close
	return s
}

type hidden struct{ net.Listener }

func (s *hidden) loop() {
	for {
		if _, err := s.Listener.Accept(); err != nil {
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
	go s.loop() // WANT: stops by s.Listener.Close
	return s, nil
}

// Its own Close does something else.
type deaf struct{ net.Listener }

func (s *deaf) Close() error { return nil }

func (s *deaf) loop() {
	for {
		if _, err := s.Listener.Accept(); err != nil {
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
	go s.loop() // WANT: unknown (the loop at -13 ends by s.Listener.Close, which nothing closes or sends on)
	return s, nil
}

// Nobody else gets it.
type kept struct{ net.Listener }

func (s *kept) loop() {
	for {
		if _, err := s.Listener.Accept(); err != nil {
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
	go s.loop() // WANT: unknown (the loop at -13 ends by s.Listener.Close, which nothing closes or sends on)
	return nil
}

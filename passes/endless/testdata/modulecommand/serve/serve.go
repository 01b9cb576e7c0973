// Package serve has an object with a Stop that forgets one of its goroutines.
package serve

import "time"

type Server struct {
	stop chan struct{}
	size func() int
}

func Start(size func() int) *Server {
	s := &Server{stop: make(chan struct{}), size: size}
	watch(s.size)
	go s.serve()
	return s
}

func watch(size func() int) {
	go func() {
		for { // want "^goroutine never stops: the loop has no exit"
			time.Sleep(time.Minute)
			println(size())
		}
	}()
}

func (s *Server) serve() {
	<-s.stop
}

func (s *Server) Stop() { close(s.stop) }

package p

import "runtime"

type Server struct{ n int }

var shared = newServer()

func newServer() *Server { // WANT: runs once
	s := &Server{}
	go s.loop() // WANT: runs (*Server).loop, as long as the process
	return s
}

func New() *Server {
	s := &Server{}
	go s.loop() // WANT: runs (*Server).loop
	return s
}

func (s *Server) loop() { // WANT: (*Server).loop does not return
	for {
		s.n++
	}
}

// Frames follow calls, deferred calls and function literals, each function once.
func Frames(f func()) {
	go func() { // WANT: runs Frames$1, last, first, Frames$1$1, inner
		defer last()
		first()
		func() { inner() }()
		f()
		first()
	}()
}

func first() { inner() }

func inner() {}

func last() {}

func Exit() {
	go func() { // WANT: runs Exit$1; Exit$1 does not return
		runtime.Goexit() // WANT: does not come back
	}()
}

func Spin() { // WANT: Spin does not return
	for {
	}
}

// FN_Recursion: a function that calls itself always never returns.
func FN_Recursion() {
	FN_Recursion()
}

// Package traefik74ace58 is after traefik 74ace58ae1c4: a server listens for
// signals in a loop that its Stop does not reach.
package traefik74ace58

import (
	"os"
	"os/signal"
	"syscall"
)

type serverBad struct {
	signals chan os.Signal
	reopen  func() error
	running bool
}

// NewServerBad returns a server.
func NewServerBad(reopen func() error) *serverBad {
	s := &serverBad{signals: make(chan os.Signal, 1), reopen: reopen}
	signal.Notify(s.signals, syscall.SIGUSR1)
	return s
}

// Start listens for signals.
func (s *serverBad) Start() {
	s.running = true
	go s.listenSignals()
}

func (s *serverBad) listenSignals() {
	for {
		sig := <-s.signals
		if sig == syscall.SIGUSR1 {
			s.reopen()
		}
	}
}

// Stop ends the server.
func (s *serverBad) Stop() {
	signal.Stop(s.signals)
	s.running = false
}

type serverOk struct {
	signals chan os.Signal
	stop    chan struct{}
	reopen  func() error
}

// NewServerOk returns a server.
func NewServerOk(reopen func() error) *serverOk {
	s := &serverOk{signals: make(chan os.Signal, 1), stop: make(chan struct{}), reopen: reopen}
	signal.Notify(s.signals, syscall.SIGUSR1)
	return s
}

// Start listens for signals.
func (s *serverOk) Start() { go s.listenSignals() }

func (s *serverOk) listenSignals() {
	for {
		select {
		case <-s.stop:
			return
		case sig := <-s.signals:
			if sig == syscall.SIGUSR1 {
				s.reopen()
			}
		}
	}
}

// Stop ends the server.
func (s *serverOk) Stop() {
	signal.Stop(s.signals)
	close(s.stop)
}

// Package grpc91e0aeb is after grpc-go 91e0aeb19245: the flusher of a log sink
// ranges over a ticker that Close only stops.
package grpc91e0aeb

import (
	"bufio"
	"io"
	"sync"
	"time"
)

type sinkBad struct {
	mu     sync.Mutex
	buf    *bufio.Writer
	out    io.Closer
	ticker *time.Ticker
}

// NewSinkBad returns a sink that is flushed once a minute.
func NewSinkBad(w io.WriteCloser) io.Closer {
	s := &sinkBad{buf: bufio.NewWriter(w), out: w}
	s.startFlusher()
	return s
}

func (s *sinkBad) startFlusher() {
	s.ticker = time.NewTicker(time.Minute)
	go func() {
		for range s.ticker.C {
			s.mu.Lock()
			s.buf.Flush()
			s.mu.Unlock()
		}
	}()
}

func (s *sinkBad) Close() error {
	s.ticker.Stop()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.buf.Flush()
	return s.out.Close()
}

type sinkOk struct {
	mu     sync.Mutex
	buf    *bufio.Writer
	out    io.Closer
	ticker *time.Ticker
	done   chan struct{}
}

// NewSinkOk returns a sink that is flushed once a minute.
func NewSinkOk(w io.WriteCloser) io.Closer {
	s := &sinkOk{buf: bufio.NewWriter(w), out: w, done: make(chan struct{})}
	s.startFlusher()
	return s
}

func (s *sinkOk) startFlusher() {
	s.ticker = time.NewTicker(time.Minute)
	go func() {
		for {
			select {
			case <-s.done:
				return
			case <-s.ticker.C:
			}
			s.mu.Lock()
			s.buf.Flush()
			s.mu.Unlock()
		}
	}()
}

func (s *sinkOk) Close() error {
	s.ticker.Stop()
	close(s.done)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.buf.Flush()
	return s.out.Close()
}

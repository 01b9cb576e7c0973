// Package apart has channels of which whoever makes them gives each to one of several.
package apart

import (
	"context"
	"errors"
	"sync"
)

var errClosed = errors.New("closed")

type Conn struct {
	mu      sync.Mutex
	waiting map[int]chan error
}

func read() error { return nil }

// Serve answers those who wait.
func (c *Conn) Serve(id int, err error) {
	c.mu.Lock()
	ch := c.waiting[id]
	c.mu.Unlock()
	if ch != nil {
		ch <- err
	}
}

// The goroutine answers, or who finds the channel in the map.
func (c *Conn) AskOk(ctx context.Context, id int, itself bool) error {
	ch := make(chan error, 1)
	if itself {
		go func() {
			if err := read(); err != nil {
				ch <- err
				return
			}
			ch <- nil
		}()
	} else {
		c.mu.Lock()
		c.waiting[id] = ch
		c.mu.Unlock()
	}
	select {
	case err := <-ch:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Both may.
func (c *Conn) AskBad(ctx context.Context, id int, itself bool) error {
	ch := make(chan error, 1)
	c.mu.Lock()
	c.waiting[id] = ch
	c.mu.Unlock()
	if itself {
		go func() {
			ch <- read() // want "there are 2 sends on ch, but on one path only 1 of them is taken"
		}()
	}
	select {
	case err := <-ch:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

type job struct {
	text string
	done chan error
}

type Writer struct {
	jobs chan job
	quit chan struct{}
}

func NewWriter() *Writer {
	w := &Writer{jobs: make(chan job), quit: make(chan struct{})}
	go w.loop()
	return w
}

func (w *Writer) Close() { close(w.quit) }

func (w *Writer) loop() {
	for {
		select {
		case <-w.quit:
			return
		case j := <-w.jobs:
			j.done <- read()
		}
	}
}

// Each of three ways gives one answer: that of the queue, the end, or a goroutine that
// waits for one of both.
func (w *Writer) start(text string) <-chan error {
	done := make(chan error, 1)
	if text == "" {
		done <- nil
		return done
	}
	select {
	case <-w.quit:
		done <- errClosed
	case w.jobs <- job{text, done}:
	default:
		go func() {
			select {
			case <-w.quit:
				done <- errClosed
			case w.jobs <- job{text, done}:
			}
		}()
	}
	return done
}

func (w *Writer) WriteOk(text string) error {
	select {
	case err := <-w.start(text):
		return err
	default:
		return nil
	}
}

// The goroutine answers as well when it has handed the channel on.
func (w *Writer) twiceBad(text string) <-chan error {
	done := make(chan error, 1)
	go func() {
		select {
		case <-w.quit:
		case w.jobs <- job{text, done}:
		}
		done <- errClosed // want "there are 2 sends on done, but on one path only 1 of them is taken"
	}()
	return done
}

func (w *Writer) WriteTwice(text string) error {
	select {
	case err := <-w.twiceBad(text):
		return err
	default:
		return nil
	}
}

type Fetcher struct {
	mu   sync.Mutex
	done chan error
}

// Who gets the answer puts it back for the next.
func (f *Fetcher) RefreshOk(ctx context.Context, wait bool) error {
	f.mu.Lock()
	done := f.done
	if done == nil {
		done = make(chan error, 1)
		f.done = done
		go f.fetch()
	}
	f.mu.Unlock()
	if !wait {
		return nil
	}
	select {
	case err := <-done:
		done <- err
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (f *Fetcher) fetch() {
	err := read()
	f.mu.Lock()
	defer f.mu.Unlock()
	f.done <- err
	f.done = nil
}

type action struct {
	call func()
	done chan struct{}
}

type Server struct{ actions chan action }

func NewServer() *Server {
	s := &Server{actions: make(chan action)}
	go s.loopBad()
	return s
}

func (s *Server) loopBad() {
	for a := range s.actions {
		a.call()
		if a.done != nil {
			a.done <- struct{}{} // want "DoLater can give up waiting for a.done$"
		}
	}
}

func (s *Server) Close() { close(s.actions) }

// The channel is made if the answer is waited for.
func (s *Server) DoOk(call func(), async bool) {
	a := action{call: call}
	if !async {
		a.done = make(chan struct{})
	}
	s.actions <- a
	if !async {
		<-a.done
	}
}

// Another argument says whether it is.
func (s *Server) DoLater(call func(), async, hurry bool) {
	a := action{call: call}
	if !async {
		a.done = make(chan struct{})
	}
	s.actions <- a
	if !hurry {
		<-a.done
	}
}

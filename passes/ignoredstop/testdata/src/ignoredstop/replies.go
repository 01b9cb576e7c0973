package ignoredstop

import "errors"

// Who asks receives the answer, whatever happens: the send comes to its end.

type Wire struct {
	write     chan []byte
	errs      chan error
	terminate chan struct{}
	n         int
}

func NewWire() *Wire {
	w := &Wire{write: make(chan []byte), errs: make(chan error), terminate: make(chan struct{})}
	go w.runOk()
	return w
}

func (w *Wire) Close() { close(w.terminate) }

func (w *Wire) runOk() {
	for {
		select {
		case b := <-w.write:
			w.n += len(b)
			w.errs <- nil
		case <-w.terminate:
			return
		}
	}
}

func (w *Wire) Write(b []byte) error {
	select {
	case w.write <- b:
		return <-w.errs
	case <-w.terminate:
		return errors.New("terminated")
	}
}

// Here another call takes the answer, or none.

type Line struct {
	write     chan []byte
	errs      chan error
	terminate chan struct{}
	n         int
}

func NewLine() *Line {
	l := &Line{write: make(chan []byte), errs: make(chan error), terminate: make(chan struct{})}
	go l.runBad()
	return l
}

func (l *Line) Close() { close(l.terminate) }

func (l *Line) runBad() {
	for {
		select {
		case b := <-l.write:
			l.n += len(b)
			l.errs <- nil // want `does not stop while it sends on l.errs`
		case <-l.terminate:
			return
		}
	}
}

func (l *Line) Write(b []byte) {
	select {
	case l.write <- b:
	case <-l.terminate:
	}
}

func (l *Line) Result() error { return <-l.errs }

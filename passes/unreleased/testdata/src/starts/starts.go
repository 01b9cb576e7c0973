// Package starts holds waits for goroutines that may never have been started.
package starts

import "time"

type meter struct {
	every       time.Duration
	dying, done chan struct{}
}

func NewMeter(every time.Duration) *meter {
	return &meter{every, make(chan struct{}), make(chan struct{})}
}

func (m *meter) Start(report func()) {
	if m.every == 0 {
		return
	}
	go m.run(report)
}

func (m *meter) run(report func()) {
	defer close(m.done)
	for {
		select {
		case <-m.dying:
			return
		case <-time.After(m.every):
			report()
		}
	}
}

func (m *meter) StopBad() {
	close(m.dying)
	<-m.done // want `only the goroutine that Start starts raises m.done, and Start can return without starting it`
}

// Stop asks the same.

type asking struct {
	off         bool
	dying, done chan struct{}
}

func NewAsking(off bool) *asking {
	return &asking{off, make(chan struct{}), make(chan struct{})}
}

func (a *asking) Start() {
	if a.off {
		return
	}
	go func() {
		defer close(a.done)
		<-a.dying
	}()
}

func (a *asking) StopOk() {
	close(a.dying)
	if !a.off {
		<-a.done
	}
}

// It runs already.

type once struct {
	started     bool
	dying, done chan struct{}
}

func NewOnce() *once { return &once{dying: make(chan struct{}), done: make(chan struct{})} }

func (o *once) Start() {
	if o.started {
		return
	}
	o.started = true
	go func() {
		defer close(o.done)
		<-o.dying
	}()
}

func (o *once) StopOk() {
	close(o.dying)
	<-o.done
}

// The way that starts nothing says that all is done.

type direct struct {
	now         bool
	dying, done chan struct{}
}

func NewDirect(now bool) *direct {
	return &direct{now, make(chan struct{}), make(chan struct{})}
}

func (d *direct) Start() {
	if d.now {
		close(d.done)
		return
	}
	go func() {
		defer close(d.done)
		<-d.dying
	}()
}

func (d *direct) StopOk() {
	close(d.dying)
	<-d.done
}

// There is an error, and nobody stops what has not started.

type failing struct {
	addr        string
	dying, done chan struct{}
}

func NewFailing(addr string) *failing {
	return &failing{addr, make(chan struct{}), make(chan struct{})}
}

func (f *failing) Start(err error) error {
	if f.addr == "" {
		return err
	}
	go func() {
		defer close(f.done)
		<-f.dying
	}()
	return nil
}

func (f *failing) StopOk() {
	close(f.dying)
	<-f.done
}

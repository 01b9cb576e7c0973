package p

import (
	"context"
	"net"
	"sync"
)

type worker struct {
	quit chan struct{}
	jobs chan int
	sum  int
}

func newWorker() *worker {
	w := &worker{quit: make(chan struct{}), jobs: make(chan int)}
	go w.run() // WANT: ended by Stop; nobody waits
	return w
}

func (w *worker) run() {
	for {
		select {
		case <-w.quit:
			return
		case j := <-w.jobs:
			w.sum += j
		}
	}
}

func (w *worker) Stop() { close(w.quit) }

func use() {
	w := newWorker() // WANT: result 0 needs Stop
	w.Stop()
}

// Its Stop waits.
type joined struct {
	quit, done chan struct{}
	n          int
}

func newJoined() *joined {
	j := &joined{quit: make(chan struct{}), done: make(chan struct{})}
	go func() { // WANT: ended by Stop
		defer close(j.done)
		<-j.quit
		j.n++
	}()
	return j
}

func (j *joined) Stop() {
	close(j.quit)
	<-j.done
}

type grouped struct {
	quit chan struct{}
	wg   sync.WaitGroup
	n    int
}

func newGrouped() *grouped { return &grouped{quit: make(chan struct{})} }

func (g *grouped) Start() {
	g.wg.Add(1)
	go func() { // WANT: ended by Close
		defer g.wg.Done()
		<-g.quit
		g.n++
	}()
}

func (g *grouped) Close() {
	close(g.quit)
	g.wg.Wait()
}

type byContext struct {
	cancel context.CancelFunc
	n      int
}

func newByContext(parent context.Context) *byContext {
	ctx, cancel := context.WithCancel(parent)
	b := &byContext{cancel: cancel}
	go b.run(ctx) // WANT: ended by Close; or by a context that is given; nobody waits
	return b
}

func (b *byContext) run(ctx context.Context) {
	<-ctx.Done()
	b.n++
}

func (b *byContext) Close() { b.cancel() }

// FN_server: that the Close of a listener ends it is not seen.
type FN_server struct {
	l net.Listener
	n int
}

func newServer() (*FN_server, error) {
	l, err := net.Listen("tcp", ":0")
	if err != nil {
		return nil, err
	}
	s := &FN_server{l: l}
	go s.run()
	return s, nil
}

func (s *FN_server) run() {
	for {
		c, err := s.l.Accept()
		if err != nil {
			return
		}
		s.n++
		c.Close()
	}
}

func (s *FN_server) Close() error { return s.l.Close() }

func useGrouped() {
	g := newGrouped()
	g.Start()
	g.Close()
}

func serve() error {
	s, err := newServer()
	if err != nil {
		return err
	}
	return s.Close()
}

// No method ends it.
type endless struct{ n int }

func newEndless() *endless {
	e := &endless{}
	go e.run()
	return e
}

func (e *endless) run() {
	for {
		e.n++
	}
}

func (e *endless) Close() {}

// FN_byFlag: a flag under a lock ends it.
type FN_byFlag struct {
	mu   sync.Mutex
	over bool
	n    int
}

func newByFlag() *FN_byFlag {
	f := &FN_byFlag{}
	go f.run()
	return f
}

func (f *FN_byFlag) run() {
	for {
		f.mu.Lock()
		over := f.over
		f.mu.Unlock()
		if over {
			return
		}
		f.n++
	}
}

func (f *FN_byFlag) Stop() {
	f.mu.Lock()
	f.over = true
	f.mu.Unlock()
}

// It drops what it makes, always or on a path.
func drops(fail bool) {
	newWorker()      // WANT: dropped without Stop; result 0 needs Stop
	w := newWorker() // WANT: dropped without Stop on a path; result 0 needs Stop
	if fail {
		return
	}
	w.Stop()
}

// Its constructor drops it when it fails.
type picky struct{ quit chan struct{} }

func newPicky(check func() error) (*picky, error) {
	p := &picky{quit: make(chan struct{})}
	go p.run() // WANT: ended by Close; dropped without Close where newPicky fails
	if err := check(); err != nil {
		return nil, err
	}
	return p, nil
}

func (p *picky) run() { <-p.quit }

func (p *picky) Close() { close(p.quit) }

// It is made and started, and never stopped.
func starts() {
	w := &worker{quit: make(chan struct{}), jobs: make(chan int)}
	go w.run() // WANT: ended by Stop; nobody waits; starts does not call Stop
	w.jobs <- 1
}

// It closes the connection, tells the group and closes the channel, but not on its stop.
func leaves(ctx context.Context, jobs chan string) {
	var wg sync.WaitGroup
	done := make(chan struct{})
	wg.Add(1)
	go func() {
		select {
		case <-ctx.Done():
			return // WANT: leaves a group untold; leaves a channel open
		case <-jobs:
		}
		wg.Done()
		close(done)
	}()
	<-done
	wg.Wait()
	conn, err := net.Dial("tcp", <-jobs)
	if err != nil {
		return
	}
	select {
	case <-ctx.Done():
		return // WANT: leaves a value open
	case <-jobs:
	}
	conn.Close()
}

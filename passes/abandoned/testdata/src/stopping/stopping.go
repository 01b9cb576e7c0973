// Package stopping holds sends to loops that may have left.
package stopping

import (
	"context"
	"sync"
)

// The loop returns on an error, and Stop sends to it.

type worker struct {
	stop chan struct{}
	beat func() error
}

func NewWorker(beat func() error) *worker {
	return &worker{make(chan struct{}), beat}
}

func (w *worker) Start(tick <-chan int) { go w.run(tick) }

func (w *worker) run(tick <-chan int) {
	for {
		if err := w.beat(); err != nil {
			return
		}
		select {
		case <-w.stop:
			return
		case <-tick:
		}
	}
}

func (w *worker) Stop() { w.endBad() }

func (w *worker) endBad() {
	w.stop <- struct{}{} // want `can wait for ever: the loop that receives from w.stop can leave first, because of an error`
}

// A context ends it as well.

type pinger struct {
	quit chan bool
	wg   sync.WaitGroup
}

func NewPinger(ctx context.Context, ping func()) *pinger {
	p := &pinger{quit: make(chan bool)}
	p.wg.Go(func() {
		for {
			select {
			case <-ctx.Done():
				return
			case <-p.quit:
				return
			default:
				ping()
			}
		}
	})
	return p
}

func (p *pinger) Close() error {
	p.endBad()
	p.wg.Wait()
	return nil
}

func (p *pinger) endBad() {
	p.quit <- true // want `can leave first, by its case ctx.Done`
}

// A deferred call takes leave of a loop that somebody may have ended.

type hub struct {
	leaves chan int
	halt   chan struct{}
}

func NewHub() *hub {
	h := &hub{make(chan int), make(chan struct{})}
	go h.run()
	return h
}

func (h *hub) Close() { close(h.halt) }

func (h *hub) run() {
	for {
		select {
		case <-h.leaves:
		case <-h.halt:
			return
		}
	}
}

func (h *hub) leaveBad(n int) {
	h.leaves <- n // want `can leave first, by its case h.halt`
}

func (h *hub) Handle(n int, serve func()) {
	defer h.leaveBad(n)
	serve()
}

// Room for the one stop.

type roomy struct {
	stop chan struct{}
	beat func() error
}

func NewRoomy(beat func() error) *roomy {
	r := &roomy{make(chan struct{}, 1), beat}
	go r.run()
	return r
}

func (r *roomy) run() {
	for {
		if err := r.beat(); err != nil {
			return
		}
		select {
		case <-r.stop:
			return
		default:
		}
	}
}

func (r *roomy) StopOk() { r.stop <- struct{}{} }

// The loop waits for the stop in any case.

type patient struct {
	stop chan struct{}
	beat func() error
}

func NewPatient(beat func() error) *patient {
	p := &patient{make(chan struct{}), beat}
	go p.run()
	return p
}

func (p *patient) run() {
	for {
		if err := p.beat(); err != nil {
			break
		}
		select {
		case <-p.stop:
			return
		default:
		}
	}
	<-p.stop
}

func (p *patient) Stop() { p.stop <- struct{}{} }

// Who stops it knows whether it runs.

type knowing struct {
	mu      sync.Mutex
	running bool
	stop    chan struct{}
}

func NewKnowing() *knowing { return &knowing{stop: make(chan struct{})} }

func (k *knowing) Start(ctx context.Context) {
	k.mu.Lock()
	k.running = true
	k.mu.Unlock()
	go func() {
		select {
		case <-ctx.Done():
			k.mu.Lock()
			k.running = false
			k.mu.Unlock()
		case <-k.stop:
		}
	}()
}

func (k *knowing) Stop() {
	if k.running {
		k.stop <- struct{}{}
	}
}

// The other stop comes after this one.

type twice struct{ first, second chan struct{} }

func NewTwice() *twice {
	t := &twice{make(chan struct{}), make(chan struct{})}
	go func() {
		for {
			select {
			case <-t.first:
			case <-t.second:
				return
			}
		}
	}()
	return t
}

func (t *twice) Close() {
	t.first <- struct{}{}
	close(t.second)
}

// In a select with the end of the loop.

type careful struct{ leaves, halt, ended chan struct{} }

func NewCareful() *careful {
	c := &careful{make(chan struct{}), make(chan struct{}), make(chan struct{})}
	go func() {
		defer close(c.ended)
		for {
			select {
			case <-c.leaves:
			case <-c.halt:
				return
			}
		}
	}()
	return c
}

func (c *careful) Close() { close(c.halt) }

func (c *careful) Handle(serve func()) {
	defer c.leave()
	serve()
}

func (c *careful) leave() {
	select {
	case c.leaves <- struct{}{}:
	case <-c.ended:
	}
}

// What is sent on is closed when the loop has left: a send then panics.

type buffer struct {
	flush chan struct{}
	stop  chan struct{}
	done  chan struct{}
}

func NewBuffer(beat func() error) *buffer {
	b := &buffer{make(chan struct{}), make(chan struct{}), make(chan struct{})}
	go b.run(beat)
	return b
}

func (b *buffer) run(beat func() error) {
	for {
		if err := beat(); err != nil {
			break
		}
		select {
		case <-b.flush:
		case <-b.stop:
		}
	}
	close(b.done)
}

func (b *buffer) Close() {
	b.flushOk()
	close(b.stop)
	<-b.done
	close(b.flush)
}

func (b *buffer) flushOk() { b.flush <- struct{}{} }

// Package unjoined holds fixtures.
package unjoined

import (
	"context"
	"net"
	"os"
	"runtime"
	"sync"
	"time"
)

type poller struct {
	quit chan struct{}
	n    int
}

func newPollerBad() *poller {
	p := &poller{quit: make(chan struct{})}
	go p.run() // want "goroutine may run on after Stop of poller has returned: Stop tells it to stop, but nobody can wait until it has ended$"
	return p
}

func (p *poller) run() {
	for {
		select {
		case <-time.After(time.Second):
			p.n++
		case <-p.quit:
			return
		}
	}
}

func (p *poller) Stop() { close(p.quit) }

// The strongest case: what it uses is freed.
type journal struct {
	quit chan struct{}
	file *os.File
}

func newJournalBad(f *os.File) *journal {
	j := &journal{make(chan struct{}), f}
	go j.flush() // want "it may still use file, which Close closes"
	return j
}

func (j *journal) flush() {
	for {
		select {
		case <-j.quit:
			return
		case <-time.After(time.Second):
			j.file.WriteString("x")
		}
	}
}

func (j *journal) Close() error {
	close(j.quit)
	return j.file.Close()
}

type ctxPoller struct {
	cancel context.CancelFunc
	n      int
}

func newCtxPollerBad() *ctxPoller {
	ctx, cancel := context.WithCancel(context.Background())
	p := &ctxPoller{cancel: cancel}
	go p.run(ctx) // want "Shutdown of ctxPoller has returned"
	return p
}

func (p *ctxPoller) run(ctx context.Context) {
	for {
		select {
		case <-time.After(time.Second):
			p.n++
		case <-ctx.Done():
			return
		}
	}
}

func (p *ctxPoller) Shutdown() { p.cancel() }

// A done channel that Stop waits for.
type done struct {
	quit, ended chan struct{}
	n           int
}

func newDoneOk() *done {
	d := &done{quit: make(chan struct{}), ended: make(chan struct{})}
	go d.run()
	return d
}

func (d *done) run() {
	defer close(d.ended)
	for {
		select {
		case <-time.After(time.Second):
			d.n++
		case <-d.quit:
			return
		}
	}
}

func (d *done) Stop() {
	close(d.quit)
	<-d.ended
}

// A wait group that another method waits for.
type group struct {
	quit chan struct{}
	wg   sync.WaitGroup
	n    int
}

func newGroupOk() *group {
	g := &group{quit: make(chan struct{})}
	g.wg.Add(1)
	go func() {
		defer g.wg.Done()
		for {
			select {
			case <-time.After(time.Second):
				g.n++
			case <-g.quit:
				return
			}
		}
	}()
	return g
}

func (g *group) Stop() { close(g.quit) }
func (g *group) Wait() { g.wg.Wait() }

// It touches nothing of its owner.
type beat struct{ quit chan struct{} }

func newBeatOk(f func()) *beat {
	b := &beat{make(chan struct{})}
	go func() {
		for {
			select {
			case <-time.After(time.Second):
				f()
			case <-b.quit:
				return
			}
		}
	}()
	return b
}

func (b *beat) Stop() { close(b.quit) }

// Stop is about something else: Shutdown ends the goroutine.
type renewer struct {
	users int
	quit  chan struct{}
	once  sync.Once
}

func newRenewerBad() *renewer {
	r := &renewer{quit: make(chan struct{})}
	go r.renew() // want "may run on after Shutdown of renewer"
	return r
}

func (r *renewer) renew() {
	for {
		select {
		case <-time.After(time.Second):
			println(r.users)
		case <-r.quit:
			return
		}
	}
}

func (r *renewer) Start() { r.users++ }

func (r *renewer) Stop() {
	r.users--
}

func (r *renewer) Shutdown() {
	r.once.Do(func() { close(r.quit) })
}

// Run itself runs until the end, so Stop may come before the goroutine is
// counted: there is no fix.
type server struct {
	quit chan struct{}
	work chan int
	n    int
}

func (s *server) RunBad() {
	go s.beat() // want "may run on after Stop of server"
	for n := range s.work {
		s.n += n
	}
}

func (s *server) beat() {
	for {
		select {
		case <-time.After(time.Second):
			s.n++
		case <-s.quit:
			return
		}
	}
}

func (s *server) Stop() { close(s.quit) }

func newServer() *server { return &server{quit: make(chan struct{}), work: make(chan int)} }

// The goroutine may stay in its send, and Stop would, too: there is no fix.
type feeder struct {
	quit chan struct{}
	out  chan int
	n    int
}

func newFeederBad(out chan int) *feeder {
	f := &feeder{quit: make(chan struct{}), out: out}
	go f.feed() // want "may run on after Stop of feeder"
	return f
}

func (f *feeder) feed() {
	for {
		select {
		case <-f.quit:
			return
		default:
			f.out <- f.n
		}
	}
}

func (f *feeder) Stop() { close(f.quit) }

// A finalizer stops it: all finalizers share one goroutine, so that Stop must not wait.
type idler struct {
	quit chan struct{}
	n    int
}

func newIdlerBad() *idler {
	i := &idler{quit: make(chan struct{})}
	go i.idle() // want "may run on after Stop of idler"
	runtime.SetFinalizer(i, (*idler).Stop)
	return i
}

func (i *idler) idle() {
	for {
		select {
		case <-i.quit:
			return
		case <-time.After(time.Second):
			i.n++
		}
	}
}

func (i *idler) Stop() { close(i.quit) }

// All on one line.
type beater struct {
	quit chan struct{}
	n    int
}

func newBeater() *beater { return &beater{quit: make(chan struct{})} }

func (b *beater) StartBad() { go b.beat() } // want "may run on after Stop of beater"

func (b *beater) beat() {
	for {
		select {
		case <-b.quit:
			return
		case <-time.After(time.Second):
			b.n++
		}
	}
}

func (b *beater) Stop() { close(b.quit) }

// It writes to a peer that may not read: who waited for its end might do so for ever.
type pusher struct {
	quit chan struct{}
	c    net.Conn
	n    int
}

func newPusherBad(c net.Conn) *pusher {
	p := &pusher{quit: make(chan struct{}), c: c}
	go p.push() // want "goroutine may run on after Stop of pusher has returned"
	return p
}

func (p *pusher) push() {
	for {
		select {
		case <-time.After(time.Second):
			p.n++
			p.c.Write([]byte("on"))
		case <-p.quit:
			return
		}
	}
}

func (p *pusher) Stop() { close(p.quit) }

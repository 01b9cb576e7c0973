// Package unjoined holds fixtures.
package unjoined

import (
	"context"
	"os"
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

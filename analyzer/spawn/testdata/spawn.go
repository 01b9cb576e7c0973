package p

import (
	"context"
	"net/http"
	"sync"
	"time"
)

func work() {}

type worker struct{}

func (worker) run() {}

func plain(w worker, f func()) { // WANT: starts f
	go work()      // WANT: go, runs work
	go w.run()     // WANT: go, runs (worker).run
	go func() {}() // WANT: go, runs plain$1
	go f()         // WANT: go, runs what is not known
	g := work
	go g() // WANT: go, runs work
}

func library(ctx context.Context, wg *sync.WaitGroup) {
	wg.Go(work)                       // WANT: call, by (*sync.WaitGroup).Go, runs work, joined
	time.AfterFunc(time.Second, work) // WANT: call, by time.AfterFunc, runs work, once
	context.AfterFunc(ctx, func() {}) // WANT: call, by context.AfterFunc, runs library$1, once
}

func start(f func()) { // WANT: starts f
	go f() // WANT: go, runs what is not known
}

func guarded(f func()) { // WANT: starts f
	go func() { // WANT: go, runs guarded$1
		defer work()
		f()
	}()
}

func run(f func()) { // WANT: runs f
	f()
}

func wrapped(w worker) {
	start(work)        // WANT: wrapper, by example.com/m/p.start, runs work
	start(w.run)       // WANT: wrapper, by example.com/m/p.start, runs (worker).run$bound
	guarded(func() {}) // WANT: wrapper, by example.com/m/p.guarded, runs wrapped$1
	run(work)          // no goroutine
	go run(work)       // WANT: go, runs run
}

// A wrapper of a wrapper starts its parameter, too.
func twice(f func()) { // WANT: starts f
	start(f) // WANT: wrapper, by example.com/m/p.start, runs what is not known
}

func wrappedTwice() {
	twice(work) // WANT: wrapper, by example.com/m/p.twice, runs work
}

type group struct{ wg sync.WaitGroup }

func (g *group) goFunc(f func()) { // WANT: starts f
	g.wg.Add(1)
	go func() { // WANT: go, runs (*group).goFunc$1
		defer g.wg.Done()
		f()
	}()
}

func ofGroup(g *group) {
	g.goFunc(work) // WANT: wrapper, by (*example.com/m/p.group).goFunc, runs work
}

type runner interface{ run() }

// One type alone implements the interface, but others may come.
func byInterface(r runner) { // WANT: starts r
	go r.run() // WANT: go, runs (worker).run
}

var runners = []runner{worker{}}

// A type that never becomes an interface is none of those.
type idler struct{}

func (idler) run() {}

// A function that is kept in a field is found.
type pool struct{ f func() }

func (p *pool) set(f func()) { p.f = f }

func (p *pool) stored() {
	go p.f() // WANT: go, runs work
}

func uses(p *pool) { p.set(work) }

func server(s *http.Server) {
	go s.ListenAndServe() // WANT: go, runs (*net/http.Server).ListenAndServe
}

// Package fakes holds senders of which a test has a receiver that leaves.
package fakes

import "sync"

// Only the test receives.

type feed struct {
	out chan int
	wg  sync.WaitGroup
}

func newFeed(out chan int) *feed { return &feed{out: out} }

func (f *feed) start(next func() int) {
	f.wg.Add(1)
	go f.runOk(next)
}

func (f *feed) runOk(next func() int) {
	defer f.wg.Done()
	for n := next(); n > 0; n = next() {
		f.out <- n
	}
}

func (f *feed) shutdown() { f.wg.Wait() }

// The program has a receiver that stays; that of the test may leave.

type spool struct{ in chan int }

func newSpool() *spool { return &spool{make(chan int)} }

func (s *spool) Run(use func(int)) {
	go func() {
		for n := range s.in {
			use(n)
		}
	}()
}

func (s *spool) putOk(next func() int) {
	go func() {
		for n := next(); n > 0; n = next() {
			s.in <- n
		}
		close(s.in)
	}()
}

// The receiver of the program leaves.

type tube struct {
	in   chan int
	done chan struct{}
}

func NewTube() *tube { return &tube{make(chan int), make(chan struct{})} }

func (t *tube) Run(use func(int)) {
	go func() {
		for {
			select {
			case n := <-t.in:
				use(n)
			case <-t.done:
				return
			}
		}
	}()
}

func (t *tube) Stop() { close(t.done) }

func (t *tube) PutBad(next func() int) {
	go func() {
		for n := next(); n > 0; n = next() {
			t.in <- n // want `the receiver of t.in can leave first`
		}
	}()
}

// So do goroutines of a loop that asks for an end.

type beat struct{ quit, in chan struct{} }

func newBeat(in chan struct{}) *beat { return &beat{make(chan struct{}), in} }

func (b *beat) Close() { b.in <- struct{}{} }

// Only a test stops the receiver of the program.

type relay struct {
	in   chan int
	done chan struct{}
}

func newRelay(use func(int)) *relay {
	r := &relay{make(chan int), make(chan struct{})}
	go r.run(use)
	return r
}

func (r *relay) run(use func(int)) {
	for {
		select {
		case n := <-r.in:
			use(n)
		case <-r.done:
			return
		}
	}
}

func (r *relay) stop() { close(r.done) }

func (r *relay) PutOk(next func() int) {
	go func() {
		for n := next(); n > 0; n = next() {
			r.in <- n
		}
	}()
}

// Here the program does.

type router struct {
	in   chan int
	done chan struct{}
}

func newRouter(use func(int)) *router {
	r := &router{make(chan int), make(chan struct{})}
	go r.run(use)
	return r
}

func (r *router) run(use func(int)) {
	for {
		select {
		case n := <-r.in:
			use(n)
		case <-r.done:
			return
		}
	}
}

func (r *router) stop() { close(r.done) }

func (r *router) End() { r.stop() }

func (r *router) PutBad(next func() int) {
	go func() {
		for n := next(); n > 0; n = next() {
			r.in <- n // want `the receiver of r.in can leave first`
		}
	}()
}

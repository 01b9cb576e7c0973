package p

import (
	"context"
	"time"
)

func local() {
	ch := make(chan int) // WANT: send in local$1, recv in local, all uses known
	go func() { ch <- 1 }()
	<-ch
}

// A channel that a helper is given is that of its caller.
func helped() {
	ch := make(chan int) // WANT: range in helped, send in fill, close in fill, all uses known
	go fill(ch)
	for range ch {
	}
}

func fill(ch chan int) {
	ch <- 1
	close(ch)
}

// Who gets the channel may do all with it, or only receive.
func Handed() chan int {
	ch := make(chan int) // WANT: nothing is known
	return ch
}

func HandedOut() <-chan int {
	ch := make(chan int) // WANT: send in HandedOut$1, all writers known
	go func() { ch <- 1 }()
	return ch
}

func given(ch chan int) { ch <- 1 } // WANT: sends on: send in given, unknown

func Given(ch chan int) { <-ch } // WANT: receives from: recv in Given, unknown

type worker struct {
	quit  chan struct{}
	never chan struct{}
}

func newWorker() *worker { return &worker{quit: make(chan struct{})} } // WANT: recv in (*worker).run, close in (*worker).stop, all uses known

func (w *worker) Done() <-chan struct{} { return w.quit }

func (w *worker) run() {
	select {
	case <-w.Done():
	}
	<-w.never // WANT: receives from: recv in (*worker).run, nil, all uses known
}

func (w *worker) stop() { close(w.quit) }

func Use() {
	w := newWorker()
	go w.run()
	w.stop()
}

func timer() {
	<-time.After(time.Second) // WANT: receives from: recv in timer, of time.After, all uses known
}

func contexts(parent context.Context) {
	a, cancelA := context.WithCancel(context.Background()) // WANT: context: ends true; context: ends false, it is never cancelled
	defer cancelA()
	b, _ := context.WithCancel(context.Background())               // WANT: context: ends false, its cancel function is never called; context: ends false, it is never cancelled
	c, _ := context.WithTimeout(context.Background(), time.Second) // WANT: context: ends true; context: ends false, it is never cancelled
	d, _ := context.WithCancel(parent)                             // WANT: context: ends true
	e := context.WithValue(context.Background(), "k", a)           // WANT: context: ends false, it is never cancelled
	f := context.WithValue(a, "k", 1)                              // WANT: context: ends true
	_, _, _, _, _ = b, c, d, e, f
}

func functions(b bool, given func()) {
	f := func() {}
	if b {
		f = local
	}
	f()     // WANT: calls functions$1, local
	given() // WANT: calls others
	var s stopper = newWorker()
	s.stop() // WANT: calls (*worker).stop
}

type stopper interface{ stop() }

// A map hides what is in it from nobody: its elements are one cell.
func inMap(n int) {
	all := make(map[int]chan int)
	all[n] = make(chan int) // WANT: send in inMap$1, recv in inMap, all uses known
	go func() { all[n] <- 1 }()
	<-all[0]
}

// An assertion takes out what an interface holds.
func asserted() {
	ch := make(chan int) // WANT: recv in asserted, all uses known
	var v any = ch
	if c, ok := v.(chan int); ok {
		<-c
	}
}

// What an exported function returns others have, though its type has no name for them.
type source struct{ out chan int }

func NewSource() *source { return &source{make(chan int)} } // WANT: send in (*source).put, all writers known

func (s *source) Out() <-chan int { return s.out }

func (s *source) put() { s.out <- 1 }

// So have they what is embedded, or in an exported field, and what a method returns.
type Outer struct {
	*inner
	Part part
}

type inner struct{ out chan int }

func newOuter() *Outer { return &Outer{inner: &inner{make(chan int)}, Part: part{make(chan int)}} } // WANT: send in (*inner).put, all writers known; send in (part).put, all writers known

func (s *inner) Out() <-chan int { return s.out }

func (s *inner) put() { s.out <- 1 }

type part struct{ out chan int }

func (p part) Out() <-chan int { return p.out }

func (p part) put() { p.out <- 1 }

// Nobody else gets one of these.
type hidden struct{ out chan int }

func newHidden() *hidden { return &hidden{make(chan int)} } // WANT: send in (*hidden).put, all uses known

func (s *hidden) Out() <-chan int { return s.out }

func (s *hidden) put() { s.out <- 1 }

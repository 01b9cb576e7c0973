package mechanisms

import (
	"context"
	"sync"
	"time"
)

// Traps: code whose stop a simple look does not see. They are no defects either.

// The stop case only sets a local, which the loop tests.
func setsLocal(closed <-chan struct{}, in <-chan int) {
	go func() {
		var stop bool
		for {
			select {
			case <-closed:
				stop = true
			case <-in:
			}
			if stop {
				break
			}
		}
	}()
}

// A labelled break leaves the loop.
func labelled(quit <-chan struct{}, in <-chan int) {
	go func() {
	loop:
		for {
			select {
			case <-in:
			case <-quit:
				break loop
			}
		}
		println("done")
	}()
}

// The capacity comes as a parameter.
func replicate(errs chan error, work func() error) {
	go func() { errs <- work() }()
}

func withCapacity(work func() error) error {
	errs := make(chan error, 1)
	replicate(errs, work)
	select {
	case err := <-errs:
		return err
	case <-time.After(time.Second):
		return nil
	}
}

// The channel is closed under an alias: a field of a composite literal.
type connReq struct{ done chan struct{} }

func (r *connReq) finish() { close(r.done) }

func alias(reqs chan<- *connReq, cleanup func()) {
	done := make(chan struct{})
	r := &connReq{done: done}
	go func() {
		<-done
		cleanup()
	}()
	reqs <- r
}

// Closed once, by a helper with sync.Once.
type onceCloser struct {
	once sync.Once
	quit chan struct{}
}

func (c *onceCloser) start(in <-chan int) {
	c.quit = make(chan struct{})
	go func() {
		for {
			select {
			case <-in:
			case <-c.quit:
				return
			}
		}
	}()
}

func (c *onceCloser) Close() { c.once.Do(func() { close(c.quit) }) }

// The cancel function is kept in a field, a slice or a map.
type jobs struct {
	cancels map[string]context.CancelFunc
	stops   []func()
}

func (j *jobs) start(name string, step func()) {
	ctx, cancel := context.WithCancel(context.Background())
	j.cancels[name] = cancel
	go func() {
		for ctx.Err() == nil {
			step()
		}
	}()
	quit := make(chan struct{})
	j.stops = append(j.stops, func() { close(quit) })
	go func() {
		<-quit
		step()
	}()
}

func (j *jobs) stop(name string) { j.cancels[name]() }

// A channel of channels: the answer goes to whoever asked.
type question struct{ answer chan int }

func ask(questions chan question) int {
	q := question{answer: make(chan int)}
	questions <- q
	return <-q.answer
}

func answers(questions chan question) {
	go func() {
		for q := range questions {
			q.answer <- 1
		}
	}()
}

func withQuestions(done func()) {
	questions := make(chan question)
	answers(questions)
	ask(questions)
	close(questions)
	done()
}

// A semaphore: each goroutine takes what it has put in.
func semaphore(jobs []func()) {
	sem := make(chan struct{}, 4)
	for _, job := range jobs {
		sem <- struct{}{}
		go func() {
			defer func() { <-sem }()
			job()
		}()
	}
}

func semaphoreInside(jobs []func()) {
	sem := make(chan struct{}, 4)
	var wg sync.WaitGroup
	for _, job := range jobs {
		wg.Add(1)
		go func() {
			defer wg.Done()
			sem <- struct{}{}
			defer func() { <-sem }()
			job()
		}()
	}
	wg.Wait()
}

// A condition variable with a flag.
type gate struct {
	mu   sync.Mutex
	cond *sync.Cond
	open bool
}

func newGate() *gate {
	g := &gate{}
	g.cond = sync.NewCond(&g.mu)
	return g
}

func (g *gate) wait(after func()) {
	go func() {
		g.mu.Lock()
		for !g.open {
			g.cond.Wait()
		}
		g.mu.Unlock()
		after()
	}()
}

func (g *gate) Open() {
	g.mu.Lock()
	g.open = true
	g.mu.Unlock()
	g.cond.Broadcast()
}

// The signal comes from a generic helper.
type event[T any] struct {
	ch   chan struct{}
	once sync.Once
	v    T
}

func newEvent[T any]() *event[T] { return &event[T]{ch: make(chan struct{})} }

func (e *event[T]) fire(v T) {
	e.once.Do(func() {
		e.v = v
		close(e.ch)
	})
}

func generic(after func(int)) *event[int] {
	e := newEvent[int]()
	go func() {
		<-e.ch
		after(e.v)
	}()
	return e
}

// A function variable holds the loop.
func functionVariable(ctx context.Context, step func()) {
	run := func(done <-chan struct{}) {
		for {
			select {
			case <-done:
				return
			default:
				step()
			}
		}
	}
	go run(ctx.Done())
}

// The stop channel is swapped for a new one at each start.
type restarted struct {
	mu   sync.Mutex
	quit chan struct{}
}

func (r *restarted) Start(in <-chan int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	quit := make(chan struct{})
	r.quit = quit
	go func() {
		for {
			select {
			case <-in:
			case <-quit:
				return
			}
		}
	}()
}

func (r *restarted) Stop() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.quit != nil {
		close(r.quit)
		r.quit = nil
	}
}

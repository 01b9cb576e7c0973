// Package skips holds functions that can return without the stop of the goroutine that
// they have started, which nobody else gives.
package skips

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"
)

func fails(n int) error {
	if n > 5 {
		return errors.New("large")
	}
	return nil
}

func FlagLiteralBad(n int) {
	var over atomic.Bool
	go func() {
		for !over.Load() { // want `goroutine may never stop: only over.Load\(\) would end this, and FlagLiteralBad can return without the store`
			time.Sleep(time.Second)
		}
	}()
	if n > 5 {
		return
	}
	over.Store(true)
}

func untilBad(over *atomic.Bool) {
	for !over.Load() { // want `goroutine may never stop: only over.Load\(\) would end this, and Function can return without the store`
		time.Sleep(time.Second)
	}
}

func Function(n int) {
	var over atomic.Bool
	go untilBad(&over)
	if err := fails(n); err != nil {
		return
	}
	defer over.Store(true)
	time.Sleep(time.Second)
}

type worker struct {
	mu   sync.Mutex
	over bool
	n    int
}

func newWorker() *worker {
	w := &worker{}
	go w.runBad()
	return w
}

func (w *worker) runBad() {
	for { // want `goroutine may never stop: only over would end this, and Method can return without the store`
		w.mu.Lock()
		if w.over {
			w.mu.Unlock()
			return
		}
		w.n++
		w.mu.Unlock()
		time.Sleep(time.Second)
	}
}

func (w *worker) stop() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.over = true
}

func Method(n int) {
	w := newWorker()
	if n > 5 {
		return
	}
	w.stop()
}

type server struct {
	quit chan struct{}
	in   chan int
}

func (s *server) runBad() {
	for { // want `goroutine may never stop: only s.quit would end this, and Group can return without the close`
		select {
		case <-s.quit:
			return
		case v := <-s.in:
			println(v)
		}
	}
}

func newServer() *server { return &server{quit: make(chan struct{}), in: make(chan int)} }

func (s *server) close() { close(s.quit) }

// Group defers the close only where it is meant to come.
func Group(n int) {
	s := newServer()
	var wg sync.WaitGroup
	wg.Go(s.runBad)
	defer func() {
		if n <= 5 {
			s.close()
		}
	}()
	s.in <- 1
}

func start(f func()) {
	go func() {
		defer println("ended")
		f()
	}()
}

func SendBad(n int) {
	quit, in := make(chan struct{}), make(chan int)
	start(func() {
		for { // want `goroutine may never stop: only quit would end this, and SendBad can return without the send`
			select {
			case v := <-in:
				println(v)
			case <-quit:
				return
			}
		}
	})
	in <- n
	if n > 5 {
		return
	}
	quit <- struct{}{}
}

func OnceBad(n int) {
	var once sync.Once
	quit, in := make(chan struct{}), make(chan int)
	go func() {
		for { // want `goroutine may never stop: only quit would end this, and OnceBad can return without the close`
			select {
			case v := <-in:
				println(v)
			case <-quit:
				return
			}
		}
	}()
	if n <= 5 {
		for range 2 {
			once.Do(func() { close(quit) })
		}
	}
}

func PollBad() {
	ctx := context.Background()
	go func() {
		for ctx.Err() == nil { // want `goroutine never stops: its loop ends by ctx.Err\(\), whose context is never cancelled`
			time.Sleep(time.Second)
		}
	}()
}

// What follows stops.

func FlagOk(n int) {
	var over atomic.Bool
	go func() {
		for !over.Load() {
			time.Sleep(time.Second)
		}
	}()
	defer over.Store(true)
	if n > 5 {
		return
	}
	time.Sleep(time.Second)
}

// Both ways set it.
func BothOk(n int) {
	var over atomic.Bool
	go func() {
		for !over.Load() {
			time.Sleep(time.Second)
		}
	}()
	if n > 5 {
		over.Store(true)
		return
	}
	over.Store(true)
}

// The goroutine only starts where it is stopped.
func watchOk(watch bool) {
	var over atomic.Bool
	if watch {
		go func() {
			for !over.Load() {
				time.Sleep(time.Second)
			}
		}()
	}
	time.Sleep(time.Second)
	if watch {
		over.Store(true)
	}
}

func WatchOk() { watchOk(true) }

// The deferred function does what the other way has not done.
func RestOk(n int) {
	quit, in := make(chan struct{}), make(chan int)
	go func() {
		for {
			select {
			case v := <-in:
				println(v)
			case <-quit:
				return
			}
		}
	}()
	done := false
	defer func() {
		if !done {
			close(quit)
		}
	}()
	if n > 5 {
		return
	}
	close(quit)
	done = true
}

// It only fails where nothing has started.
func StartedOk(n int) {
	s := &other{quit: make(chan struct{}), in: make(chan int)}
	err := fails(n)
	defer func() {
		if err == nil {
			s.close()
		}
	}()
	if err != nil {
		return
	}
	go s.otherOk()
}

type other struct {
	quit chan struct{}
	in   chan int
}

func (s *other) close() { close(s.quit) }

func (s *other) otherOk() {
	for {
		select {
		case <-s.quit:
			return
		case v := <-s.in:
			println(v)
		}
	}
}

type keeper struct {
	quit chan struct{}
	in   chan int
}

// Others get the object, and close it.
func Open(n int) (*keeper, error) {
	k := &keeper{quit: make(chan struct{}), in: make(chan int)}
	go k.runOk()
	if err := fails(n); err != nil {
		k.Close()
		return nil, err
	}
	return k, nil
}

func (k *keeper) runOk() {
	for {
		select {
		case <-k.quit:
			return
		case v := <-k.in:
			println(v)
		}
	}
}

func (k *keeper) Close() { close(k.quit) }

type registry struct{ all map[int]*entry }

type entry struct{ over atomic.Bool }

// Add keeps the object, and stops the one that it replaces.
func (r *registry) Add(n int) {
	e := &entry{}
	go e.runOk()
	if old := r.all[n]; old != nil {
		old.over.Store(true)
	}
	r.all[n] = e
}

func (e *entry) runOk() {
	for !e.over.Load() {
		time.Sleep(time.Second)
	}
}

// It ends by itself as well.
func ErrorOk(n int) {
	var over atomic.Bool
	go func() {
		for !over.Load() {
			if fails(n) != nil {
				return
			}
		}
	}()
	if n > 5 {
		return
	}
	over.Store(true)
}

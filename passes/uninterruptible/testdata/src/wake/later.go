package wake

import (
	"context"
	"time"
)

// What is to be done at the stop comes after the sleep: no return before it.
func laterBad(ctx context.Context, ready chan<- struct{}, shutdown func() error) error {
	errs := make(chan error, 1)
	go func() {
		time.Sleep(3 * time.Second) // want "ctx does not end time.Sleep"
		close(ready)
		<-ctx.Done()
		errs <- shutdown()
	}()
	return <-errs
}

func Later(ctx context.Context, ready chan<- struct{}, shutdown func() error) error {
	return laterBad(ctx, ready, shutdown)
}

// Its own limit of time is no stop of the goroutine. The report that it owes comes after the loop.
type stress struct {
	stop    chan struct{}
	reports chan int
	pause   time.Duration
}

func newStress(pause time.Duration) *stress {
	return &stress{make(chan struct{}), make(chan int), pause}
}

func (s *stress) Run(n int, choose func(context.Context) error) (sum int) {
	for range n {
		go s.chooseBad(choose)
	}
	close(s.stop)
	for range n {
		sum += <-s.reports
	}
	return sum
}

func (s *stress) chooseBad(choose func(context.Context) error) {
	chosen := 0
	for {
		select {
		case <-s.stop:
			s.reports <- chosen
			return
		default:
		}
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		if choose(ctx) == nil {
			chosen++
		}
		time.Sleep(s.pause) // want "s.stop does not end time.Sleep"
		cancel()
	}
}

// At the stop the queue is flushed: a return from the sleep would leave that out.
type backlog struct {
	stop  chan struct{}
	tasks chan func() error
	left  int
}

func NewBacklog() *backlog {
	b := &backlog{stop: make(chan struct{}), tasks: make(chan func() error)}
	go b.workBad()
	return b
}

func (b *backlog) Close() { close(b.stop) }

func (b *backlog) flush() { b.left = 0 }

func (b *backlog) workBad() {
	for {
		select {
		case <-b.stop:
			b.flush()
			return
		case task := <-b.tasks:
			if task() != nil {
				time.Sleep(time.Minute) // want "b.stop does not end time.Sleep"
			}
		}
	}
}

func (b *backlog) Add(task func() error) {
	select {
	case b.tasks <- task:
	case <-b.stop:
	}
}

type flusher interface{ Flush() error }

type writer struct {
	stop chan struct{}
	out  flusher
	full bool
}

func NewWriter(out flusher) *writer {
	w := &writer{stop: make(chan struct{}), out: out}
	go w.writeBad()
	return w
}

func (w *writer) Close() { close(w.stop) }

func (w *writer) writeBad() {
	for {
		select {
		case <-w.stop:
			if w.full {
				w.out.Flush()
			}
			return
		default:
		}
		w.full = !w.full
		time.Sleep(time.Minute) // want "w.stop does not end time.Sleep"
	}
}

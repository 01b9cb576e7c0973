// Package outlives has loops that heed a stop and send to a queue. Whoever closes the
// queue has, or has not, waited for the loop first.
package outlives

import (
	"reflect"
	"sync"

	"golang.org/x/sync/errgroup"
)

type queue struct {
	in   chan int
	done chan struct{}
	wg   sync.WaitGroup
	sum  int
}

func newQueue() *queue {
	q := &queue{in: make(chan int), done: make(chan struct{})}
	q.wg.Add(1)
	go q.run()
	return q
}

func (q *queue) run() {
	defer q.wg.Done()
	for {
		select {
		case v := <-q.in:
			if v < 0 {
				panic("negative")
			}
			q.sum += v
		case <-q.done:
			return
		}
	}
}

func (q *queue) putOk(v int) { q.in <- v }

func (q *queue) close() {
	close(q.done)
	q.wg.Wait()
}

// Service joins its loop, then closes its queue.
type Service struct {
	q    *queue
	wg   sync.WaitGroup
	stop chan struct{}
	src  chan int
}

func NewService(src chan int) *Service {
	s := &Service{stop: make(chan struct{}), src: src, q: newQueue()}
	s.wg.Add(1)
	go s.loop()
	return s
}

func (s *Service) loop() {
	defer s.wg.Done()
	stop, done := s.second()
	defer func() {
		if stop != nil {
			close(stop)
			<-done
		}
	}()
	for {
		select {
		case v := <-s.src:
			s.q.putOk(v)
		case <-s.stop:
			return
		}
	}
}

// second starts another sender, which the loop waits for at its end.
func (s *Service) second() (chan struct{}, chan struct{}) {
	stop, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		for {
			select {
			case <-stop:
				return
			case v := <-s.src:
				s.q.putOk(v)
			}
		}
	}()
	return stop, done
}

func (s *Service) Stop() {
	close(s.stop)
	s.wg.Wait()
	s.q.close()
}

// Others have queues of their own.
func sum(values []int) int {
	q := newQueue()
	for _, v := range values {
		q.putOk(v)
	}
	q.close()
	return q.sum
}

var _ = sum

// The queue is closed first.

type lateQueue struct {
	in   chan int
	done chan struct{}
	sum  int
}

func (q *lateQueue) run() {
	for {
		select {
		case v := <-q.in:
			q.sum += v
		case <-q.done:
			return
		}
	}
}

func (q *lateQueue) putBad(v int) {
	q.in <- v // want "goroutine does not stop while it sends on q.in: the loop that leads here heeds s.stop, this wait does not"
}

func (q *lateQueue) close() { close(q.done) }

// Late closes its queue, then joins its loop.
type Late struct {
	q    *lateQueue
	wg   sync.WaitGroup
	stop chan struct{}
	src  chan int
}

func NewLate(src chan int) *Late {
	s := &Late{stop: make(chan struct{}), src: src, q: &lateQueue{in: make(chan int), done: make(chan struct{})}}
	go s.q.run()
	s.wg.Go(s.loop)
	return s
}

func (s *Late) loop() {
	for {
		select {
		case v := <-s.src:
			s.q.putBad(v)
		case <-s.stop:
			return
		}
	}
}

func (s *Late) Stop() {
	close(s.stop)
	s.q.close()
	s.wg.Wait()
}

// The queue is given from outside: somebody else may close it.

type sharedQueue struct {
	in   chan int
	done chan struct{}
	sum  int
}

func newSharedQueue() *sharedQueue {
	q := &sharedQueue{in: make(chan int), done: make(chan struct{})}
	go q.run()
	return q
}

func (q *sharedQueue) run() {
	for {
		select {
		case v := <-q.in:
			q.sum += v
		case <-q.done:
			return
		}
	}
}

func (q *sharedQueue) putBad(v int) {
	q.in <- v // want "goroutine does not stop while it sends on q.in: the loop that leads here heeds s.stop, this wait does not"
}

func (q *sharedQueue) close() { close(q.done) }

// Shared has a queue that others have as well.
type Shared struct {
	q    *sharedQueue
	wg   sync.WaitGroup
	stop chan struct{}
	src  chan int
}

func newShared(src chan int, q *sharedQueue) *Shared {
	s := &Shared{stop: make(chan struct{}), src: src, q: q}
	s.wg.Go(s.loop)
	return s
}

func Use(src chan int, use func(*Shared)) {
	q := newSharedQueue()
	s := newShared(src, q)
	use(s)
	q.close()
}

func (s *Shared) loop() {
	for {
		select {
		case v := <-s.src:
			s.q.putBad(v)
		case <-s.stop:
			return
		}
	}
}

func (s *Shared) Stop() {
	close(s.stop)
	s.wg.Wait()
	s.q.close()
}

// A group of goroutines, in one function.

func groupOk(src chan int, stop chan struct{}) error {
	ch, done := make(chan int), make(chan struct{})
	go func() {
		sum := 0
		for {
			select {
			case v := <-ch:
				sum += v
			case <-done:
				return
			}
		}
	}()
	defer close(done)
	var g errgroup.Group
	g.Go(func() error {
		for {
			select {
			case v := <-src:
				ch <- v
			case <-stop:
				return nil
			}
		}
	})
	return g.Wait()
}

func groupBad(src chan int, stop chan struct{}, closed bool) error {
	ch, done := make(chan int), make(chan struct{})
	go func() {
		sum := 0
		for {
			select {
			case v := <-ch:
				sum += v
			case <-done:
				return
			}
		}
	}()
	defer close(done)
	var g errgroup.Group
	g.Go(func() error {
		for {
			select {
			case v := <-src:
				ch <- v // want "goroutine does not stop while it sends on ch: the loop around it heeds stop, this wait does not"
			case <-stop:
				return nil
			}
		}
	})
	if closed {
		return nil
	}
	return g.Wait()
}

func Groups(src chan int, stop chan struct{}, closed bool) {
	go func() { <-src; close(stop) }()
	_ = groupOk(src, stop)
	_ = groupBad(src, stop, closed)
}

// Code that was not read receives.

type pool struct {
	done, stop chan struct{}
	jobs       chan int
}

func NewPool(jobs chan int) func() {
	p := &pool{done: make(chan struct{}, 1), stop: make(chan struct{}), jobs: jobs}
	go p.workOk()
	go func() {
		cases := []reflect.SelectCase{{Dir: reflect.SelectRecv, Chan: reflect.ValueOf(p.stop)}, {Dir: reflect.SelectRecv, Chan: reflect.ValueOf(p.done)}}
		for {
			if i, _, _ := reflect.Select(cases); i == 0 {
				return
			}
		}
	}()
	return func() { close(p.stop) }
}

func (p *pool) workOk() {
	for {
		select {
		case <-p.stop:
			return
		case <-p.jobs:
			p.done <- struct{}{}
		}
	}
}

// Others get the channel to keep: they may stop to receive.

type feed struct {
	Out  chan int
	stop chan struct{}
	jobs chan int
}

func NewFeed(jobs chan int) (<-chan int, func()) {
	f := &feed{Out: make(chan int), stop: make(chan struct{}), jobs: jobs}
	go f.workBad()
	return f.Out, func() { close(f.stop) }
}

func (f *feed) workBad() {
	for {
		select {
		case <-f.stop:
			return
		case v := <-f.jobs:
			f.Out <- v // want "goroutine does not stop while it sends on f.Out: the loop around it heeds f.stop, this wait does not"
		}
	}
}

// The receiver, which is no goroutine, waits for the sender itself.

type circle struct {
	ch, src          chan int
	quit, stop, over chan struct{}
	wg               sync.WaitGroup
	sum              int
}

func Circle(src chan int, quit chan struct{}) int {
	c := &circle{ch: make(chan int), src: src, quit: quit, stop: make(chan struct{}), over: make(chan struct{})}
	c.wg.Go(c.workBad)
	go func() { <-quit; close(c.over) }()
	c.receive()
	return c.sum
}

func (c *circle) receive() {
	for {
		select {
		case v := <-c.ch:
			c.sum += v
			if v < 0 {
				c.finish()
			}
		case <-c.stop:
			return
		}
	}
}

func (c *circle) finish() {
	c.wg.Wait()
	close(c.stop)
}

func (c *circle) workBad() {
	for {
		select {
		case v := <-c.src:
			c.ch <- v // want "goroutine does not stop while it sends on c.ch: the loop around it heeds c.over, this wait does not"
		case <-c.over:
			return
		}
	}
}

// The receiver leaves when the sender says, at its end, that it has gone.

type leaver struct {
	ch, src chan int
	gone    chan struct{}
	sum     int
}

func NewLeaver(src chan int, quit chan struct{}) *leaver {
	l := &leaver{ch: make(chan int), src: src, gone: make(chan struct{})}
	go l.sendOk(quit)
	go l.receive()
	return l
}

func (l *leaver) sendOk(quit chan struct{}) {
	defer close(l.gone)
	for {
		select {
		case v := <-l.src:
			l.ch <- v
		case <-quit:
			return
		}
	}
}

func (l *leaver) receive() {
	for {
		select {
		case v := <-l.ch:
			l.sum += v
		case <-l.gone:
			return
		}
	}
}

// The one that it sends to leaves when another has gone.

type chained struct {
	ch, src chan int
	gone    chan struct{}
	next    *chained
	sum     int
}

func NewChained(src chan int, quit chan struct{}, next *chained) *chained {
	l := &chained{ch: make(chan int), src: src, gone: make(chan struct{}), next: next}
	go l.sendBad(quit)
	go l.receive()
	return l
}

func (l *chained) sendBad(quit chan struct{}) {
	defer close(l.gone)
	for {
		select {
		case v := <-l.src:
			l.next.ch <- v // want "goroutine does not stop while it sends on l.next.ch"
		case <-quit:
			return
		}
	}
}

func (l *chained) receive() {
	for {
		select {
		case v := <-l.ch:
			l.sum += v
		case <-l.gone:
			return
		}
	}
}

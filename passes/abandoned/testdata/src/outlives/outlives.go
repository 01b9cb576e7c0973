// Package outlives has receivers that leave by a stop. Whoever raises that has, or has
// not, waited for the sender first.
package outlives

import "sync"

// A queue has a goroutine that receives until the queue is closed.
type queue struct {
	in   chan int
	done chan struct{}
	once sync.Once
	sum  int
}

func newQueue() *queue {
	q := &queue{in: make(chan int), done: make(chan struct{})}
	go q.run()
	return q
}

func (q *queue) run() {
	for {
		select {
		case v := <-q.in:
			q.sum += v
		case <-q.done:
			return
		}
	}
}

func (q *queue) put(v int) { q.in <- v }

func (q *queue) close() { q.once.Do(func() { close(q.done) }) }

type ServiceOk struct {
	q  *queue
	wg sync.WaitGroup
}

func (s *ServiceOk) Start() {
	s.q = newQueue()
	s.wg.Add(1)
	go s.work()
}

func (s *ServiceOk) work() {
	defer s.wg.Done()
	for i := range 10 {
		s.q.put(i)
	}
}

func (s *ServiceOk) Stop() {
	s.wg.Wait()
	s.q.close()
}

// The same, but the close comes first.

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
	q.in <- v // want "can leave first, by its case q.done"
}

func (q *lateQueue) close() { close(q.done) }

type ServiceBad struct {
	q  *lateQueue
	wg sync.WaitGroup
}

func (s *ServiceBad) Start() {
	s.q = &lateQueue{in: make(chan int), done: make(chan struct{})}
	go s.q.run()
	s.wg.Add(1)
	go s.work()
}

func (s *ServiceBad) work() {
	defer s.wg.Done()
	for i := range 10 {
		s.q.putBad(i)
	}
}

func (s *ServiceBad) Stop() {
	s.q.close()
	s.wg.Wait()
}

// Both has both ends.
type Both struct {
	ch          chan int
	stop        chan struct{}
	sender, got sync.WaitGroup
	sum         int
}

func NewBoth() *Both { return &Both{ch: make(chan int), stop: make(chan struct{})} }

func (b *Both) receive() {
	defer b.got.Done()
	for {
		select {
		case v := <-b.ch:
			b.sum += v
		case <-b.stop:
			return
		}
	}
}

func (b *Both) StartOk() {
	b.got.Add(1)
	go b.receive()
	b.sender.Go(func() { b.ch <- 1 })
}

func (b *Both) CloseOk() {
	b.sender.Wait()
	close(b.stop)
	b.got.Wait()
}

// It waits for another goroutine.

type Another struct {
	ch       chan int
	stop     chan struct{}
	wg, last sync.WaitGroup
	sum      int
}

func NewAnother() *Another { return &Another{ch: make(chan int), stop: make(chan struct{})} }

func (a *Another) receive() {
	for {
		select {
		case v := <-a.ch:
			a.sum += v
		case <-a.stop:
			return
		}
	}
}

func (a *Another) Start() {
	go a.receive()
	a.wg.Add(1)
	go func() {
		defer a.wg.Done()
		a.sum++
	}()
	a.last.Add(1)
	go a.sendBad()
}

func (a *Another) sendBad() {
	defer a.last.Done()
	a.ch <- 1 // want "can leave first, by its case a.stop"
}

func (a *Another) Close() {
	a.wg.Wait()
	close(a.stop)
	a.last.Wait()
}

// It waits on one way only.

type OneWay struct {
	ch   chan int
	stop chan struct{}
	wg   sync.WaitGroup
	sum  int
}

func NewOneWay() *OneWay { return &OneWay{ch: make(chan int), stop: make(chan struct{})} }

func (o *OneWay) receive() {
	for {
		select {
		case v := <-o.ch:
			o.sum += v
		case <-o.stop:
			return
		}
	}
}

func (o *OneWay) Start() {
	go o.receive()
	o.wg.Go(o.sendBad)
}

func (o *OneWay) sendBad() {
	o.ch <- 1 // want "can leave first, by its case o.stop"
}

func (o *OneWay) Close(force bool) {
	if !force {
		o.wg.Wait()
	}
	close(o.stop)
}

// The receiver waits itself: nobody takes what is sent meanwhile.

type Circle struct {
	ch         chan int
	quit, stop chan struct{}
	wg         sync.WaitGroup
	sum        int
}

func NewCircle() *Circle { return &Circle{ch: make(chan int), stop: make(chan struct{})} }

func (c *Circle) receive() {
	for {
		select {
		case v := <-c.ch:
			c.sum += v
			c.finish()
		case <-c.stop:
			return
		}
	}
}

func (c *Circle) finish() {
	c.wg.Wait()
	close(c.stop)
}

func (c *Circle) Start() {
	go c.receive()
	c.wg.Go(c.sendBad)
}

func (c *Circle) sendBad() {
	for i := range 3 {
		c.ch <- i // want "can leave first, by its case c.stop"
	}
}

// A done channel, which the sender closes at its end, and a chain of them: outer waits
// for inner.

func ChainOk(values []int) int {
	ch, stop, left := make(chan int), make(chan struct{}), make(chan int)
	go func() {
		sum := 0
		for {
			select {
			case v := <-ch:
				sum += v
			case <-stop:
				left <- sum
				return
			}
		}
	}()
	outer := make(chan struct{})
	go func() {
		defer close(outer)
		inner := inner(ch, values)
		defer func() {
			if inner != nil {
				<-inner
			}
		}()
		_ = len(values)
	}()
	<-outer
	close(stop)
	return <-left
}

func inner(ch chan int, values []int) chan struct{} {
	done := make(chan struct{})
	go func() {
		defer close(done)
		for _, v := range values {
			ch <- v
		}
	}()
	return done
}

// A named function sends, and the close is deferred.

func NamedOk(values []int) {
	ch, stop := make(chan int), make(chan struct{})
	var wg sync.WaitGroup
	go func() {
		sum := 0
		for {
			select {
			case v := <-ch:
				sum += v
			case <-stop:
				return
			}
		}
	}()
	defer close(stop)
	wg.Add(1)
	go pumpOk(ch, &wg, values)
	defer wg.Wait()
}

func pumpOk(ch chan int, wg *sync.WaitGroup, values []int) {
	defer wg.Done()
	for _, v := range values {
		ch <- v
	}
}

// What is deferred later runs first: the close comes before the wait.

func Named(values []int) {
	ch, stop := make(chan int), make(chan struct{})
	var wg sync.WaitGroup
	go func() {
		sum := 0
		for {
			select {
			case v := <-ch:
				sum += v
			case <-stop:
				return
			}
		}
	}()
	defer wg.Wait()
	wg.Add(1)
	go pumpBad(ch, stop, &wg, values)
	defer close(stop)
}

func pumpBad(ch chan int, stop chan struct{}, wg *sync.WaitGroup, values []int) {
	defer wg.Done()
	for _, v := range values {
		ch <- v // want "can leave first, by its case stop"
	}
}

// Done comes before the last send.

type Early struct {
	ch   chan int
	stop chan struct{}
	wg   sync.WaitGroup
	sum  int
}

func NewEarly() *Early { return &Early{ch: make(chan int), stop: make(chan struct{})} }

func (e *Early) receive() {
	for {
		select {
		case v := <-e.ch:
			e.sum += v
		case <-e.stop:
			return
		}
	}
}

func (e *Early) StartBad() {
	go e.receive()
	e.wg.Add(1)
	go func() {
		e.wg.Done()
		e.ch <- 1 // want "can leave first, by its case e.stop"
	}()
}

func (e *Early) Close() {
	e.wg.Wait()
	close(e.stop)
}

// A stopper starts goroutines, and its stop waits for them.

type stopper struct {
	quit chan struct{}
	wg   sync.WaitGroup
}

func newStopper() *stopper { return &stopper{quit: make(chan struct{})} }

func (s *stopper) run(f func()) {
	s.wg.Add(1)
	go func() {
		defer s.wg.Done()
		f()
	}()
}

func (s *stopper) stop() {
	close(s.quit)
	s.wg.Wait()
}

type EngineOk struct {
	senders, receivers *stopper
	ch                 chan int
	stopped            chan struct{}
	sum                int
}

func NewEngineOk() *EngineOk {
	e := &EngineOk{senders: newStopper(), receivers: newStopper(), ch: make(chan int), stopped: make(chan struct{})}
	e.receivers.run(e.receive)
	e.senders.run(e.sendOk)
	return e
}

func (e *EngineOk) sendOk() { e.ch <- 1 }

func (e *EngineOk) receive() {
	for {
		select {
		case v := <-e.ch:
			e.sum += v
		case <-e.stopped:
			return
		}
	}
}

func (e *EngineOk) Close() {
	e.senders.stop()
	close(e.stopped)
	e.receivers.stop()
}

// The stop of another stopper waits for others.

type EngineBad struct {
	senders, others *stopper
	ch              chan int
	stopped         chan struct{}
	sum             int
}

func NewLateEngine() *EngineBad {
	e := &EngineBad{senders: newStopper(), others: newStopper(), ch: make(chan int), stopped: make(chan struct{})}
	go e.receive()
	e.others.run(func() { e.sum++ })
	e.senders.run(e.sendBad)
	return e
}

func (e *EngineBad) sendBad() {
	e.ch <- 1 // want "can leave first, by its case e.stopped"
}

func (e *EngineBad) receive() {
	for {
		select {
		case v := <-e.ch:
			e.sum += v
		case <-e.stopped:
			return
		}
	}
}

func (e *EngineBad) Close() {
	e.others.stop()
	close(e.stopped)
	e.senders.stop()
}

// A second caller does not wait.

type Twice struct {
	ch   chan int
	stop chan struct{}
	once sync.Once
	wg   sync.WaitGroup
	sum  int
}

func NewTwice() *Twice { return &Twice{ch: make(chan int), stop: make(chan struct{})} }

func (t *Twice) receive() {
	for {
		select {
		case v := <-t.ch:
			t.sum += v
		case <-t.stop:
			return
		}
	}
}

func (t *Twice) Start() {
	go t.receive()
	t.wg.Add(1)
	go t.sendBad()
}

func (t *Twice) sendBad() {
	defer t.wg.Done()
	t.ch <- 1 // want "can leave first, by its case t.stop"
}

func (t *Twice) end() { t.once.Do(func() { close(t.stop) }) }

func (t *Twice) Close() {
	t.wg.Wait()
	t.end()
}

func (t *Twice) Abort() {
	t.end()
}

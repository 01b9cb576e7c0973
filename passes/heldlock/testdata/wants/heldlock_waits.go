package heldlock

import "sync"

// The receiver takes the lock between two receives.
type queue struct {
	mu sync.Mutex
	ch chan int
	n  int
}

func newQueue() *queue {
	q := &queue{ch: make(chan int)}
	go q.loop()
	return q
}

func (q *queue) loop() {
	for {
		v, ok := <-q.ch
		if !ok {
			return
		}
		q.add(v)
	}
}

func (q *queue) add(v int) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.n += v
}

func (q *queue) PutBad(v int) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.ch <- v // want ".* while it holds q.mu: what receives from q.ch takes that lock first"
}

func (q *queue) PutOk(v int) {
	q.mu.Lock()
	q.n++
	q.mu.Unlock()
	q.ch <- v
}

func (q *queue) TryPutOk(v int) {
	q.mu.Lock()
	defer q.mu.Unlock()
	select {
	case q.ch <- v:
	default:
	}
}

func (q *queue) Helper(v int) {
	q.mu.Lock()
	q.putBad(v)
	q.mu.Unlock()
}

func (q *queue) putBad(v int) {
	q.ch <- v // want ".* while it holds q.mu"
}

func (q *queue) Close() { close(q.ch) }

// The receiver never takes the lock.
type free struct {
	mu sync.Mutex
	ch chan int
}

func newFree() *free {
	f := &free{ch: make(chan int)}
	go func() {
		for range f.ch {
		}
	}()
	return f
}

func (f *free) PutOk(v int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.ch <- v
}

func (f *free) Close() { close(f.ch) }

// The goroutine that closes done needs the lock in its loop.
type stopper struct {
	mu   sync.RWMutex
	work chan int
	done chan struct{}
	n    int
}

func newStopper() *stopper {
	s := &stopper{work: make(chan int), done: make(chan struct{})}
	go func() {
		defer close(s.done)
		for v := range s.work {
			s.mu.RLock()
			s.n += v
			s.mu.RUnlock()
		}
	}()
	return s
}

func (s *stopper) StopBad() {
	s.mu.Lock()
	defer s.mu.Unlock()
	close(s.work)
	<-s.done // want ".* while it holds s.mu: what would raise s.done takes that lock first"
}

func (s *stopper) Feed(v int) { s.work <- v }

func (s *stopper) StopReadingOk() {
	s.mu.RLock()
	defer s.mu.RUnlock()
	<-s.done // the other side takes the lock for reading only
}

// The raise is done under the lock.
type waker struct {
	mu   sync.Mutex
	wake chan struct{}
	idle bool
}

func newWaker() *waker { return &waker{wake: make(chan struct{})} }

func (w *waker) WaitBad() {
	w.mu.Lock()
	for w.idle {
		<-w.wake // want ".* while it holds w.mu: what would raise w.wake holds that lock while it does"
	}
	w.mu.Unlock()
}

func (w *waker) Wake() {
	w.mu.Lock()
	w.idle = false
	select {
	case w.wake <- struct{}{}:
	default:
	}
	w.mu.Unlock()
}

// A subscriber takes the lock to register, long before the send.
type hub struct {
	mu   sync.Mutex
	subs map[int]chan int
}

func (h *hub) subscribe(id int) chan int {
	h.mu.Lock()
	defer h.mu.Unlock()
	c := make(chan int)
	h.subs[id] = c
	return c
}

func (h *hub) FollowOk(id int, f func(int)) {
	c := h.subscribe(id)
	for v := range c {
		f(v)
	}
}

func (h *hub) PublishOk(v int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, c := range h.subs {
		c <- v
	}
}

func (h *hub) End() {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, c := range h.subs {
		close(c)
	}
}

// A wait group whose goroutine needs the lock.
type group struct {
	mu sync.Mutex
	wg sync.WaitGroup
	n  int
}

func (g *group) Start() {
	g.wg.Add(1)
	go func() {
		defer g.wg.Done()
		g.mu.Lock()
		g.n++
		g.mu.Unlock()
	}()
}

func (g *group) WaitBad() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.wg.Wait() // want ".* while it holds g.mu: a goroutine that it waits for takes that lock first"
}

func (g *group) WaitOk() {
	g.wg.Wait()
	g.mu.Lock()
	defer g.mu.Unlock()
	g.n = 0
}

// A condition variable gives back its own lock, not another.
type buffer struct {
	outer sync.Mutex
	mu    sync.Mutex
	cond  *sync.Cond
	n     int
}

func newBuffer() *buffer {
	b := &buffer{}
	b.cond = sync.NewCond(&b.mu)
	return b
}

func (b *buffer) put() {
	b.outer.Lock()
	defer b.outer.Unlock()
	b.mu.Lock()
	defer b.mu.Unlock()
	b.n++
	b.cond.Signal()
}

func (b *buffer) TakeOk() {
	b.mu.Lock()
	defer b.mu.Unlock()
	for b.n == 0 {
		b.cond.Wait()
	}
	b.n--
}

func (b *buffer) TakeBad() {
	b.outer.Lock()
	defer b.outer.Unlock()
	b.mu.Lock()
	defer b.mu.Unlock()
	for b.n == 0 {
		b.cond.Wait() // want ".* while it holds b.outer: what would wake it holds that lock while it does"
	}
	b.n--
}

func Put(b *buffer) { b.put() }

// What was sent is kept in the channel, and a flag says that it is there.
type mailbox struct {
	mu   sync.Mutex
	full bool
	ch   chan int
}

func newMailbox() *mailbox { return &mailbox{ch: make(chan int, 1)} }

func (m *mailbox) PutOk(v int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if !m.full {
		m.full = true
		m.ch <- v
	}
}

func (m *mailbox) TakeOk() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	if !m.full {
		return 0
	}
	m.full = false
	return <-m.ch
}

package owner

import (
	"context"
	"errors"
	"sync"
	"time"
)

// Close is called under a lock that the goroutine takes: it must not wait.

type table struct {
	mu   sync.Mutex
	rows map[string]int
}

func newTable() *table {
	t := &table{rows: map[string]int{}}
	go t.cleanBad()
	return t
}

func (t *table) cleanBad() {
	for { // want `no exit`
		time.Sleep(time.Second)
		t.clean()
	}
}

func (t *table) clean() {
	t.mu.Lock()
	defer t.mu.Unlock()
	clear(t.rows)
}

func (t *table) close() { t.rows = nil }

func (t *table) Drop() {
	t.mu.Lock()
	t.close()
	t.mu.Unlock()
}

// The goroutine itself may call Close: it must not wait.

type link struct {
	err  error
	once sync.Once
}

func newLink(probe func() error) *link {
	l := &link{}
	go l.watchBad(probe)
	return l
}

func (l *link) watchBad(probe func() error) {
	for { // want `no exit`
		if l.err = probe(); l.err != nil {
			func() { l.Close() }()
		}
		time.Sleep(time.Second)
	}
}

func (l *link) Close() { l.once.Do(func() { l.err = errors.New("closed") }) }

// A function of the type starts it.

type group struct {
	wg sync.WaitGroup
	in chan int
	n  int
}

func newGroup() *group {
	g := &group{in: make(chan int)}
	g.start(g.countBad)
	return g
}

func (g *group) start(f func()) {
	g.wg.Add(1)
	go func() {
		defer g.wg.Done()
		f()
	}()
}

func (g *group) countBad() {
	t := time.NewTicker(time.Second)
	for { // want `no exit`
		select {
		case <-t.C:
			g.n = 0
		case n := <-g.in:
			g.n += n
		}
	}
}

func (g *group) Wait() { g.wg.Wait() }

// A field was meant for the stop.

type idle struct {
	n    int
	quit chan struct{}
}

func newIdle() *idle {
	i := &idle{
		quit: make(chan struct{}),
	}
	go i.spinBad()
	return i
}

func (i *idle) spinBad() {
	for { // want `no exit`
		i.n++
		time.Sleep(time.Second)
	}
}

// What a value receiver runs cannot be told by the object.

type copied struct{ d time.Duration }

func startCopied(c copied) { go c.tickBad() }

func (c copied) tickBad() {
	for { // want `no exit`
		time.Sleep(c.d)
	}
}

// A type that is copied gets no Stop.

type snapshot struct{ n int }

func (s *snapshot) startBad() {
	go func() {
		for { // want `no exit`
			s.bump()
		}
	}()
}

func (s *snapshot) bump() {
	s.n++
	time.Sleep(time.Second)
}

func (s *snapshot) get() snapshot { return *s }

// A Stop that another type embeds keeps its name.

type worker struct{ n int }

type machine struct {
	*worker
	quit func()
}

func (m *machine) Stop() { m.quit() }

func newMachineBad() *machine {
	w := &worker{}
	go func() {
		for { // want `no exit`
			w.n++
			time.Sleep(time.Second)
		}
	}()
	return &machine{worker: w}
}

// A literal that a method starts, with what it captures.

type meter struct {
	mu    sync.Mutex
	total int
}

func (m *meter) WatchBad(read func() int) (first int) {
	first = read()
	go func() {
		defer func() { m.total = 0 }()
		for { // want `no exit`
			n := read() - first
			m.mu.Lock()
			m.total = n
			m.mu.Unlock()
			time.Sleep(time.Second)
		}
	}()
	return first
}

// The object can be started again after its Stop.

type player struct{ n int }

func (p *player) Play() { go p.playBad() }

func (p *player) playBad() {
	for { // want `no exit`
		p.n++
		time.Sleep(time.Second)
	}
}

func (p *player) Stop() { p.n = 0 }

func (p *player) Restart() {
	p.Stop()
	p.Play()
}

// Where the contexts of these live.

func Supervise(ctx context.Context, c copied, s *snapshot) *machine {
	startCopied(c)
	s.startBad()
	return newMachineBad()
}

// Nobody calls it with a context.

func nobodyBad() {
	go func() {
		for { // want `no exit`
			time.Sleep(time.Second)
		}
	}()
}

// Only a request calls it.

type Request struct{}

func Handle(ctx context.Context, r *Request) { background() }

func background() {
	go func() {
		backgroundBad()
	}()
}

func backgroundBad() {
	for { // want `no exit`
		time.Sleep(time.Second)
	}
}

// The arguments of a goroutine are evaluated when it starts.

type pump struct{ n int }

func (f *pump) StartBad(names ...string) {
	for i, name := range names {
		go f.moveBad(name, f.n, time.Duration(i)*time.Second)
	}
	go func(n int) {
		for { // want `no exit`
			n++
			time.Sleep(time.Second)
		}
	}(f.n + 1)
}

func (f *pump) moveBad(name string, n int, d time.Duration) {
	for { // want `no exit`
		n += len(name)
		time.Sleep(d)
	}
}

// A method with results sends to the loop: a Stop would leave it waiting there, and it has
// to say that to its caller in words that nobody knows but the author.
type waiter struct {
	inbox chan int
	seen  int
}

func newWaiter() *waiter {
	w := &waiter{inbox: make(chan int, 1)}
	go w.runBad()
	return w
}

func (w *waiter) runBad() {
	for { // want "goroutine never stops: the loop has no exit"
		select {
		case n := <-w.inbox:
			w.seen += n
		}
	}
}

func (w *waiter) handle(n int) error {
	if n < 0 {
		return nil
	}
	w.inbox <- n
	return nil
}

func useWaiter() error { return newWaiter().handle(1) }

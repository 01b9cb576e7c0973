package owner

import (
	"context"
	"errors"
	"sync"
	"time"
)

// Close is called under a lock that the goroutine takes: it must not wait.

type Table struct {
	mu   sync.Mutex
	rows map[string]int
}

func newTable() *Table {
	t := &Table{rows: map[string]int{}}
	go t.cleanBad()
	return t
}

func (t *Table) cleanBad() {
	for { // want `no exit`
		time.Sleep(time.Second)
		t.clean()
	}
}

func (t *Table) clean() {
	t.mu.Lock()
	defer t.mu.Unlock()
	clear(t.rows)
}

func (t *Table) close() { t.rows = nil }

func (t *Table) Drop() {
	t.mu.Lock()
	t.close()
	t.mu.Unlock()
}

// The goroutine itself may call Close: it must not wait.

type Link struct {
	err  error
	once sync.Once
}

func newLink(probe func() error) *Link {
	l := &Link{}
	go l.watchBad(probe)
	return l
}

func (l *Link) watchBad(probe func() error) {
	for { // want `no exit`
		if l.err = probe(); l.err != nil {
			func() { l.Close() }()
		}
		time.Sleep(time.Second)
	}
}

func (l *Link) Close() { l.once.Do(func() { l.err = errors.New("closed") }) }

// A function of the type starts it.

type Group struct {
	wg sync.WaitGroup
	in chan int
	n  int
}

func newGroup() *Group {
	g := &Group{in: make(chan int)}
	g.start(g.countBad)
	return g
}

func (g *Group) start(f func()) {
	g.wg.Add(1)
	go func() {
		defer g.wg.Done()
		f()
	}()
}

func (g *Group) countBad() {
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

func (g *Group) Wait() { g.wg.Wait() }

// A field was meant for the stop.

type Idle struct {
	n    int
	quit chan struct{}
}

func newIdle() *Idle {
	i := &Idle{
		quit: make(chan struct{}),
	}
	go i.spinBad()
	return i
}

func (i *Idle) spinBad() {
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

type Machine struct {
	*worker
	quit func()
}

func (m *Machine) Stop() { m.quit() }

func newMachineBad() *Machine {
	w := &worker{}
	go func() {
		for { // want `no exit`
			w.n++
			time.Sleep(time.Second)
		}
	}()
	return &Machine{worker: w}
}

// A literal that a method starts, with what it captures.

type Meter struct {
	mu    sync.Mutex
	total int
}

func (m *Meter) WatchBad(read func() int) (first int) {
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

type Player struct {
	n    int
	over bool
}

func (p *Player) Play() { go p.playBad() }

func (p *Player) playBad() {
	for { // want `no exit`
		p.n++
		time.Sleep(time.Second)
	}
}

func (p *Player) Stop() { p.over = true }

func (p *Player) Restart() {
	p.Stop()
	p.Play()
}

// Where the contexts of these live.

func Supervise(ctx context.Context, c copied, s *snapshot) *Machine {
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

type Pump struct{ n int }

func (f *Pump) StartBad(names ...string) {
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

func (f *Pump) moveBad(name string, n int, d time.Duration) {
	for { // want `no exit`
		n += len(name)
		time.Sleep(d)
	}
}

// A method with results sends to the loop: a Stop would leave it waiting there, and it has
// to say that to its caller in words that nobody knows but the author.
type Waiter struct {
	inbox chan int
	seen  int
}

func newWaiter() *Waiter {
	w := &Waiter{inbox: make(chan int, 1)}
	go w.runBad()
	return w
}

func (w *Waiter) runBad() {
	for { // want "goroutine never stops: the loop has no exit"
		select {
		case n := <-w.inbox:
			w.seen += n
		}
	}
}

func (w *Waiter) handle(n int) error {
	if n < 0 {
		return nil
	}
	w.inbox <- n
	return nil
}

func useWaiter() error { return newWaiter().handle(1) }

package heldlock

import (
	"container/list"
	"context"
	"sync"
)

// Each waiter has room for the one answer that it gets.

type waiter struct{ done chan error }

type line struct {
	mu sync.Mutex
	l  *list.List
}

func newLine() *line { l := &line{l: list.New()}; go l.wakeOk(); return l }

func (l *line) Wait(ctx context.Context) error {
	w := &waiter{done: make(chan error, 1)}
	l.mu.Lock()
	e := l.l.PushBack(w)
	l.mu.Unlock()
	select {
	case <-ctx.Done():
		l.mu.Lock()
		l.l.Remove(e)
		l.mu.Unlock()
		return ctx.Err()
	case err := <-w.done:
		return err
	}
}

func (l *line) wakeOk() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for e := l.l.Front(); e != nil; e = l.l.Front() {
		w := e.Value.(*waiter)
		l.l.Remove(e)
		w.done <- nil
	}
}

// A subscriber gets many values, and takes the lock between them.

type subscriber struct{ values chan int }

type board struct {
	mu   sync.Mutex
	subs map[*subscriber]bool
}

func newBoard() *board { b := &board{subs: make(map[*subscriber]bool)}; go b.publishBad(1); return b }

func (b *board) Listen(n int) {
	s := &subscriber{values: make(chan int, 1)}
	b.mu.Lock()
	b.subs[s] = true
	b.mu.Unlock()
	for range n {
		b.mu.Lock()
		b.mu.Unlock()
		<-s.values
	}
	b.mu.Lock()
	delete(b.subs, s)
	b.mu.Unlock()
}

func (b *board) publishBad(v int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for s := range b.subs {
		s.values <- v // want "what receives from s.values takes that lock first"
	}
}

// Who has been met is past its lock.

func meetOk() {
	var mu sync.Mutex
	c, back := make(chan int), make(chan int)
	go func() {
		mu.Lock()
		mu.Unlock()
		<-c
		back <- 1
	}()
	c <- 1
	mu.Lock()
	defer mu.Unlock()
	<-back
}

func meetBad() {
	var mu sync.Mutex
	c, back := make(chan int), make(chan int)
	go func() {
		<-c
		mu.Lock()
		mu.Unlock()
		back <- 1
	}()
	c <- 1
	mu.Lock()
	defer mu.Unlock()
	<-back // want "what would raise back takes that lock first"
}

// The lock of the condition variable is the one that the field holds as an interface.
type bag struct {
	lock sync.Locker
	cond *sync.Cond
	n    int
}

func newBag() *bag {
	lock := new(sync.Mutex)
	return &bag{lock: lock, cond: sync.NewCond(lock)}
}

func (b *bag) TakeOk() {
	b.lock.Lock()
	defer b.lock.Unlock()
	for b.n == 0 {
		b.cond.Wait()
	}
	b.n--
}

func (b *bag) PutOk() {
	b.lock.Lock()
	defer b.lock.Unlock()
	b.n++
	b.cond.Signal()
}

// It is a struct that embeds the lock.
type tray struct {
	mu struct {
		sync.Mutex
		cond *sync.Cond
		n    int
	}
}

func newTray() *tray {
	t := &tray{}
	t.mu.cond = sync.NewCond(&t.mu)
	return t
}

func (t *tray) TakeOk() {
	t.mu.Lock()
	defer t.mu.Unlock()
	for t.mu.n == 0 {
		t.mu.cond.Wait()
	}
	t.mu.n--
}

func (t *tray) PutOk() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.mu.n++
	t.mu.cond.Signal()
}

// Another lock is held as well, which the one who signals needs.
type twoTrays struct {
	outer sync.Mutex
	mu    struct {
		sync.Mutex
		cond *sync.Cond
		n    int
	}
}

func newTwoTrays() *twoTrays {
	t := &twoTrays{}
	t.mu.cond = sync.NewCond(&t.mu)
	return t
}

func (t *twoTrays) TakeBad() {
	t.outer.Lock()
	defer t.outer.Unlock()
	t.mu.Lock()
	defer t.mu.Unlock()
	for t.mu.n == 0 {
		t.mu.cond.Wait() // want "while it holds t.outer"
	}
	t.mu.n--
}

func (t *twoTrays) PutOk() {
	t.outer.Lock()
	defer t.outer.Unlock()
	t.mu.Lock()
	defer t.mu.Unlock()
	t.mu.n++
	t.mu.cond.Signal()
}

func Boxes() []any { return []any{newBag(), newTray(), newTwoTrays()} }

// What Close waits for once more it has waited for before, in what it calls.

type link struct {
	mu     sync.Mutex
	once   sync.Once
	exit   chan struct{}
	ended  chan struct{}
	routes map[int]func()
}

func newLink(next func() int) *link {
	l := &link{exit: make(chan struct{}), ended: make(chan struct{}), routes: make(map[int]func())}
	go l.read(next)
	return l
}

func (l *link) read(next func() int) {
	defer close(l.ended)
	for {
		select {
		case <-l.exit:
			return
		default:
		}
		l.mu.Lock()
		f := l.routes[next()]
		l.mu.Unlock()
		if f != nil {
			f()
		}
	}
}

func (l *link) shutBad() {
	l.once.Do(func() {
		close(l.exit)
		<-l.ended // want `while it holds l.mu: what would raise l.ended takes that lock first`
	})
}

func (l *link) Close() {
	l.shutBad()
	<-l.ended
}

func (l *link) Add(i int, f func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.routes) > 99 {
		l.Close()
		return
	}
	l.routes[i] = f
}

// Who counts itself does so under the lock, and is done before it gives that back: who
// has the lock waits for none of them.

type panel struct {
	mu   sync.RWMutex
	wg   sync.WaitGroup
	seen []chan int
}

func newPanel(in chan int) *panel {
	b := &panel{}
	go b.watch(in)
	return b
}

func (b *panel) watch(in chan int) {
	for n := range in {
		if b.none() {
			continue
		}
		b.tell(n)
	}
	b.shutOk()
}

func (b *panel) none() bool {
	b.mu.RLock()
	defer b.mu.RUnlock()
	return len(b.seen) == 0
}

func (b *panel) tell(n int) {
	b.mu.RLock()
	defer b.mu.RUnlock()
	b.wg.Add(1)
	defer b.wg.Done()
	for _, c := range b.seen {
		select {
		case c <- n:
		default:
		}
	}
}

func (b *panel) shutOk() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.seen = nil
	b.wg.Wait()
}

// The function is handed out under the lock, and nobody takes it after that but the
// function itself.
func publishedUnderLockOk(publish func(ack func(error)) string) bool {
	answers := make(chan bool)
	var mu sync.Mutex
	var id string
	ack := func(err error) {
		mu.Lock()
		defer mu.Unlock()
		answers <- err == nil && id != ""
	}
	mu.Lock()
	id = publish(ack)
	mu.Unlock()
	return <-answers
}

// The answer may come before the lock is taken here.
func publishedBeforeLockBad(publish func(ack func(error)) string) bool {
	answers := make(chan bool)
	var mu sync.Mutex
	var id string
	ack := func(err error) {
		mu.Lock()
		defer mu.Unlock()
		answers <- err == nil && id != "" // want `what receives from answers takes that lock first`
	}
	name := publish(ack)
	mu.Lock()
	id = name
	mu.Unlock()
	return <-answers
}

// A request that was taken is answered, whoever holds the lock.
type desk struct {
	mu      sync.Mutex
	asks    chan int
	answers chan int
	ctx     context.Context
}

func newDesk(ctx context.Context, work func(int) int) *desk {
	d := &desk{asks: make(chan int), answers: make(chan int), ctx: ctx}
	go func() {
		defer close(d.answers)
		for n := range d.asks {
			d.answers <- work(n)
		}
	}()
	return d
}

func (d *desk) askOk(n int) int {
	d.mu.Lock()
	defer d.mu.Unlock()
	select {
	case <-d.ctx.Done():
		return 0
	case d.asks <- n:
	}
	return <-d.answers
}

func (d *desk) closeOk() {
	d.mu.Lock()
	defer d.mu.Unlock()
	close(d.asks)
}

// Here the answer is waited for before anybody can ask.
type shop struct {
	mu      sync.Mutex
	asks    chan int
	answers chan int
}

func newShop(work func(int) int) *shop {
	s := &shop{asks: make(chan int), answers: make(chan int)}
	go func() {
		defer close(s.answers)
		for n := range s.asks {
			s.answers <- work(n)
		}
	}()
	return s
}

func (s *shop) takeBad() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return <-s.answers // want `takes that lock first`
}

func (s *shop) ask(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.asks <- n
}

func (s *shop) close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	close(s.asks)
}

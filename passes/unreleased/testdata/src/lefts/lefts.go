// Package lefts ranges over channels of objects that nobody closes.
package lefts

func use(int) {}

type source struct{ out chan int }

func newSource() *source {
	s := &source{out: make(chan int, 2)}
	go s.run()
	return s
}

func (s *source) run() {
	for i := range 9 {
		s.out <- i
	}
}

func ConstructorBad() {
	s := newSource()
	for v := range s.out { // want "waits for ever: nothing closes s.out, and those who send on it return"
		use(v)
	}
}

type feed struct{ out chan int }

func newFeed() *feed { return &feed{out: make(chan int)} }

func (f *feed) start() { go f.run() }

func (f *feed) run() {
	for i := range 9 {
		f.out <- i
	}
}

func StarterBad() {
	f := newFeed()
	f.start()
	for v := range f.out { // want "waits for ever: nothing closes f.out, and those who send on it return"
		use(v)
	}
}

type closer struct{ out chan int }

func newCloser() *closer {
	c := &closer{out: make(chan int)}
	go c.run()
	return c
}

func (c *closer) run() {
	defer close(c.out)
	for i := range 9 {
		c.out <- i
	}
}

func ClosedOk() {
	c := newCloser()
	for v := range c.out {
		use(v)
	}
}

type ticker struct{ out chan int }

func newTicker() *ticker {
	t := &ticker{out: make(chan int)}
	go t.run()
	return t
}

// run sends as long as the program runs.
func (t *ticker) run() {
	for i := 0; ; i++ {
		t.out <- i
	}
}

func EndlessOk() {
	t := newTicker()
	for v := range t.out {
		use(v)
	}
}

type many struct{ out chan int }

func newMany() *many { return &many{out: make(chan int)} }

func (m *many) add() { go m.run() }

func (m *many) run() { m.out <- 1 }

// More are started for each that comes.
func AddsOk() {
	m := newMany()
	m.add()
	for v := range m.out {
		use(v)
		m.add()
	}
}

// Kept can be sent to by others.
type Kept struct{ Out chan int }

func NewKept() *Kept {
	k := &Kept{Out: make(chan int)}
	go func() { k.Out <- 1 }()
	return k
}

func KeptOk() {
	k := NewKept()
	for v := range k.Out {
		use(v)
	}
}

// A worker that is kept in a pool when it has answered: who fails to get one has started
// none, and others may use one later.

type order struct {
	n     int
	reply chan int
}

type worker struct {
	pool   *crew
	orders chan order
	busy   bool
}

type crew struct {
	idle []*worker
	dial func() (bool, error)
}

func NewCrew(dial func() (bool, error)) *crew { return &crew{dial: dial} }

func (c *crew) keep(w *worker) bool {
	if len(c.idle) > 8 {
		return false
	}
	c.idle = append(c.idle, w)
	return true
}

func (c *crew) get() (*worker, error) {
	if n := len(c.idle); n > 0 {
		w := c.idle[n-1]
		c.idle = c.idle[:n-1]
		return w, nil
	}
	busy, err := c.dial()
	if err != nil {
		return nil, err
	}
	w := &worker{pool: c, orders: make(chan order, 8), busy: busy}
	go w.loopOk()
	return w, nil
}

func (c *crew) Ask(n int) (int, error) {
	w, err := c.get()
	if err != nil {
		return 0, err
	}
	reply := make(chan int, 1)
	w.orders <- order{n, reply}
	return <-reply, nil
}

func (w *worker) loopOk() {
	for alive := true; alive; {
		o := <-w.orders
		o.reply <- o.n + 1
		alive = w.pool.keep(w)
	}
}

// A helper that starts who waits, unless it fails.

func startOk(check func() error) (chan int, error) {
	if err := check(); err != nil {
		return nil, err
	}
	c := make(chan int)
	go func() {
		use(<-c)
	}()
	return c, nil
}

func StartsOk(check func() error) error {
	c, err := startOk(check)
	if err != nil {
		return err
	}
	c <- 1
	return nil
}

func startBad(check func() error) (chan int, error) {
	c := make(chan int)
	go func() {
		use(<-c) // want `goroutine waits for ever: the function that started it can return without raising c`
	}()
	return c, check()
}

func StartsAnyway(check func() error) error {
	c, err := startBad(check)
	if err != nil {
		return err
	}
	c <- 1
	return nil
}

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

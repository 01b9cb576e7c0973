package owner

import "time"

// A constructor starts a ticker loop.

type Cache struct{ entries map[string]int }

func newCache() *Cache {
	c := &Cache{entries: make(map[string]int)}
	// Sweep now and then.
	go c.sweepBad()
	return c
}

func (c *Cache) sweepBad() {
	t := time.NewTicker(time.Minute)
	defer t.Stop()
	// Until the end.
	for range t.C { // want `no end`
		clear(c.entries) // all of it
	}
}

// A method starts it, and values are made anywhere.

type Poller struct {
	// Probe looks once.
	Probe func()
	last  time.Time // of the last probe
}

// Start starts the polling.
func (p *Poller) Start() { go p.pollBad() }

func (p *Poller) pollBad() {
	for { // want `no exit`
		p.Probe()
		time.Sleep(time.Second)
		p.last = time.Now()
	}
}

// Zero is used without a constructor.
var Zero Poller

// The type is embedded, and has a value in another struct.

type base struct {
	in chan int
	n  int
}

type Derived struct {
	base
	name string
}

func newDerived() *Derived {
	d := &Derived{name: "d"}
	d.in = make(chan int)
	go d.runBad()
	return d
}

func (b *base) runBad() {
	for { // want `no exit`
		b.n++
		time.Sleep(time.Second)
	}
}

// Type parameters.

type Queue[K comparable, V any] struct {
	items map[K]V
	tick  *time.Ticker
}

func newQueue[K comparable, V any](d time.Duration) *Queue[K, V] {
	q := &Queue[K, V]{
		items: make(map[K]V),
		tick:  time.NewTicker(d),
	}
	go q.drainBad()
	return q
}

func (q *Queue[K, V]) drainBad() {
	for range q.tick.C { // want `no end`
		clear(q.items)
	}
}

// Two goroutines on one type share one Stop.

type Pair struct{ a, b int }

func newPairBad() *Pair {
	p := new(Pair)
	go p.leftBad()
	go func() {
		for { // want `no exit`
			p.b++
			time.Sleep(time.Second)
		}
	}()
	return p
}

func (p *Pair) leftBad() {
	for { // want `no exit`
		p.a++
		time.Sleep(time.Second)
	}
}

// A Close is completed.

type Renewer struct {
	timer *time.Timer
	fn    func()
}

func newRenewer(fn func()) *Renewer {
	r := &Renewer{timer: time.NewTimer(time.Hour), fn: fn}
	go r.renewBad()
	return r
}

func (r *Renewer) renewBad() {
	for { // want `no exit`
		<-r.timer.C
		r.fn()
		r.timer.Reset(time.Hour)
	}
}

// Close stops the timer.
func (r *Renewer) Close() error {
	if r == nil {
		return nil
	}
	r.timer.Stop()
	return nil
}

// A Stop on one line, of an object that is started by a method.

type Beater struct {
	n    int
	over bool
}

func (b *Beater) Start(names ...string) {
	for _, name := range names {
		go b.beatBad(name)
	}
}

func (b *Beater) beatBad(name string) {
	for { // want `no exit`
		b.n += len(name)
		time.Sleep(time.Second)
	}
}

func (b *Beater) Stop() { b.over = true }

// The wait stands in a method that the goroutine calls.

type Stepper struct {
	n  int
	in chan int
}

func newStepper() *Stepper {
	s := &Stepper{}
	go s.run()
	return s
}

func (s *Stepper) run() {
	s.loopBad()
}

func (s *Stepper) loopBad() {
	for { // want `no exit`
		s.step()
	}
}

func (s *Stepper) step() {
	s.n++
	time.Sleep(time.Second)
}

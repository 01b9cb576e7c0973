package owner

import "time"

// A constructor starts a ticker loop.

type cache struct{ entries map[string]int }

func newCache() *cache {
	c := &cache{entries: make(map[string]int)}
	// Sweep now and then.
	go c.sweepBad()
	return c
}

func (c *cache) sweepBad() {
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

type derived struct {
	base
	name string
}

func newDerived() *derived {
	d := &derived{name: "d"}
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

type queue[K comparable, V any] struct {
	items map[K]V
	tick  *time.Ticker
}

func newQueue[K comparable, V any](d time.Duration) *queue[K, V] {
	q := &queue[K, V]{
		items: make(map[K]V),
		tick:  time.NewTicker(d),
	}
	go q.drainBad()
	return q
}

func (q *queue[K, V]) drainBad() {
	for range q.tick.C { // want `no end`
		clear(q.items)
	}
}

// Two goroutines on one type share one Stop.

type pair struct{ a, b int }

func newPairBad() *pair {
	p := new(pair)
	go p.leftBad()
	go func() {
		for { // want `no exit`
			p.b++
			time.Sleep(time.Second)
		}
	}()
	return p
}

func (p *pair) leftBad() {
	for { // want `no exit`
		p.a++
		time.Sleep(time.Second)
	}
}

// A Close is completed.

type renewer struct {
	timer *time.Timer
	fn    func()
}

func newRenewer(fn func()) *renewer {
	r := &renewer{timer: time.NewTimer(time.Hour), fn: fn}
	go r.renewBad()
	return r
}

func (r *renewer) renewBad() {
	for { // want `no exit`
		<-r.timer.C
		r.fn()
		r.timer.Reset(time.Hour)
	}
}

// Close stops the timer.
func (r *renewer) Close() error {
	if r == nil {
		return nil
	}
	r.timer.Stop()
	return nil
}

// A Stop on one line, of an object that is started by a method.

type beater struct{ n int }

func (b *beater) Start(names ...string) {
	for _, name := range names {
		go b.beatBad(name)
	}
}

func (b *beater) beatBad(name string) {
	for { // want `no exit`
		b.n += len(name)
		time.Sleep(time.Second)
	}
}

func (b *beater) Stop() { b.n = 0 }

// The wait stands in a method that the goroutine calls.

type stepper struct {
	n  int
	in chan int
}

func newStepper() *stepper {
	s := &stepper{}
	go s.run()
	return s
}

func (s *stepper) run() {
	s.loopBad()
}

func (s *stepper) loopBad() {
	for { // want `no exit`
		s.step()
	}
}

func (s *stepper) step() {
	s.n++
	time.Sleep(time.Second)
}

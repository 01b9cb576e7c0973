// Package handover has receivers that are told to stop by one token.
package handover

// A Worker is stopped by a token: what takes it is the one that stops.
type Worker struct {
	jobs, drain    chan int
	stop           chan struct{}
	stopped, empty chan struct{}
}

func NewWorker() *Worker {
	w := &Worker{
		jobs: make(chan int, 8), drain: make(chan int), stop: make(chan struct{}),
		stopped: make(chan struct{}), empty: make(chan struct{}),
	}
	go w.loop()
	return w
}

func (w *Worker) loop() {
	for {
		select {
		case <-w.stop:
			w.stopped <- struct{}{}
			return
		case <-w.drain:
			for len(w.jobs) > 0 {
				<-w.jobs
			}
			w.empty <- struct{}{}
		}
	}
}

func (w *Worker) Halt() {
	w.stop <- struct{}{}
	<-w.stopped
}

// DrainAll drains several at once.
func DrainAll(ws []*Worker, cs []*Closer) {
	for _, w := range ws {
		go w.DrainTokenBad()
	}
	for _, c := range cs {
		go c.DrainClosedBad()
	}
}

// No fix: a drain that takes the token leaves the loop, and whoever sent it, without one.
func (w *Worker) DrainTokenBad() {
	w.drain <- 1 // want `the receiver of w.drain can leave first, by its case w.stop$`
	<-w.empty
}

// A Closer closes its stop channel, which is there for all.
type Closer struct {
	drain chan int
	stop  chan struct{}
	empty chan struct{}
}

func NewCloser() *Closer {
	c := &Closer{drain: make(chan int), stop: make(chan struct{}), empty: make(chan struct{}, 1)}
	go c.loop()
	return c
}

func (c *Closer) loop() {
	for {
		select {
		case <-c.stop:
			return
		case <-c.drain:
			c.empty <- struct{}{}
		}
	}
}

func (c *Closer) Halt() { close(c.stop) }

func (c *Closer) DrainClosedBad() {
	c.drain <- 1 // want `the receiver of c.drain can leave first, by its case c.stop, and c.stop is in reach`
	<-c.empty
}

// A Teller hands the token to a goroutine that sends, too.
type Teller struct {
	news chan int
	stop chan struct{}
}

func StartTeller(read func() int) *Teller {
	t := &Teller{news: make(chan int), stop: make(chan struct{}, 1)}
	go t.tellTokenBad(read)
	go t.hear()
	return t
}

func (t *Teller) Halt() {
	select {
	case t.stop <- struct{}{}:
	default:
	}
}

func (t *Teller) hear() {
	for {
		select {
		case <-t.news:
		case <-t.stop:
			return
		}
	}
}

func (t *Teller) tellTokenBad(read func() int) {
	for {
		v := read()
		if v < 0 {
			return
		}
		t.news <- v // want `the receiver of t.news can leave first, by its case t.stop$`
	}
}

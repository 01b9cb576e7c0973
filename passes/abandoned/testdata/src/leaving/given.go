package leaving

// Each round gives a channel of its own, with room for the one answer.

type poller struct{ stop chan struct{} }

func (p *poller) Poll(fetch func() error) error {
	for {
		errs := make(chan error, 1)
		go p.fetch(fetch, errs)
		select {
		case err := <-errs:
			if err != nil {
				return err
			}
		case <-p.stop:
			return nil
		}
	}
}

func (p *poller) Once(fetch func() error) error {
	errs := make(chan error)
	go p.fetch(fetch, errs)
	return <-errs
}

func (p *poller) fetch(fetch func() error, errs chan<- error) {
	for {
		if err := fetch(); err != nil {
			errs <- err
			return
		}
		select {
		case <-p.stop:
			return
		default:
		}
	}
}

func (p *poller) Close() { close(p.stop) }

// What never comes leads to no send.

type queue struct {
	in       chan int
	die      chan struct{}
	finished chan bool
}

func NewQueue(n int) *queue {
	q := &queue{in: make(chan int, n), die: make(chan struct{}), finished: make(chan bool)}
	go q.run()
	return q
}

func (q *queue) Put(v int) { q.in <- v }

func (q *queue) run() {
	for {
		select {
		case <-q.in:
		case <-q.die:
			q.finished <- true
			return
		}
	}
}

type ended struct {
	in       chan int
	die      chan struct{}
	finished chan bool
}

func NewEnded(n int) *ended {
	q := &ended{in: make(chan int, n), die: make(chan struct{}), finished: make(chan bool)}
	go q.runBad()
	return q
}

func (q *ended) Put(v int) { q.in <- v }

func (q *ended) Close() { close(q.die) }

func (q *ended) runBad() {
	for {
		select {
		case <-q.in:
		case <-q.die:
			q.finished <- true // want "nothing receives from q.finished"
			return
		}
	}
}

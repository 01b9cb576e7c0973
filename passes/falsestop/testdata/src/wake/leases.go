package wake

import "time"

// Whoever ends the lease sends on the channel, and a break is all that comes of it.

type lease struct{ ended chan bool }

type leases struct{ renewed int }

func (l *leases) renewBad(c *lease) {
	for {
		select {
		case <-c.ended:
			break // want "this break leaves the select, not the loop around it"
		case <-time.After(30 * time.Second):
			l.renewed++
		}
	}
}

func (l *leases) Begin() *lease {
	c := &lease{ended: make(chan bool, 1)}
	go l.renewBad(c)
	return c
}

func (l *leases) Commit(c *lease) { c.ended <- true }

// Here the break leads on to what comes after the select.

type poll struct{ now chan bool }

func (l *leases) poll(p *poll) {
	for {
		select {
		case <-p.now:
			break
		case <-time.After(30 * time.Second):
			l.renewed++
		}
		l.renewed--
	}
}

func (l *leases) Poll() *poll {
	p := &poll{now: make(chan bool, 1)}
	go l.poll(p)
	return p
}

func (l *leases) Now(p *poll) { p.now <- true }

// It wakes the loop, which works outside of the select.

type retrier struct {
	retry chan int
	in    chan int
	n     int
}

func NewRetrier() *retrier {
	r := &retrier{retry: make(chan int, 1), in: make(chan int)}
	go r.loop()
	return r
}

func (r *retrier) Retry() { r.retry <- 1 }

func (r *retrier) Put(n int) { r.in <- n }

func (r *retrier) loop() {
	for {
		println(r.n)
		select {
		case <-r.retry:
			break
		case n := <-r.in:
			r.n += n
		}
	}
}

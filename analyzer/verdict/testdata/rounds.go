package rounds

import (
	"context"
	"sync"
)

// leads of exits.go: a context that is asked again.

type Reaper struct {
	ctx    context.Context
	cancel context.CancelFunc
	cond   *sync.Cond
	list   []int
}

func NewReaper() *Reaper {
	ctx, cancel := context.WithCancel(context.Background())
	r := &Reaper{ctx: ctx, cancel: cancel, cond: sync.NewCond(new(sync.Mutex))}
	go r.reap()      // WANT: stops by r.ctx.Err()
	go r.reapOther() // WANT: ends, if the loop at +21 ends
	return r
}

func (r *Reaper) reap() {
	r.cond.L.Lock()
	defer r.cond.L.Unlock()
	for {
		for len(r.list) == 0 && r.ctx.Err() == nil {
			r.cond.Wait()
		}
		if r.ctx.Err() != nil {
			return
		}
		r.list = r.list[:0]
	}
}

func (r *Reaper) reapOther() {
	r.cond.L.Lock()
	defer r.cond.L.Unlock()
	for {
		for len(r.list) == 0 && r.ctx.Err() == nil {
			r.cond.Wait()
		}
		if len(r.list) > 3 {
			return
		}
		r.list = r.list[:0]
	}
}

func (r *Reaper) Close() {
	r.cancel()
	r.cond.Broadcast()
}

// heeds of together.go: what a call does not tell its loop.

type Queue struct {
	items []int
	in    chan int
	quit  chan struct{}
}

func (q *Queue) Close() { close(q.quit) }

func (q *Queue) put(n int) {
	select {
	case q.in <- n:
	case <-q.quit:
	}
}

func (q *Queue) offer(n int) bool {
	select {
	case q.in <- n:
		return true
	case <-q.quit:
		return false
	}
}

func (q *Queue) pop() (int, bool) {
	if len(q.items) == 0 {
		return 0, false
	}
	n := q.items[0]
	q.items = q.items[1:]
	return n, true
}

func (q *Queue) drain() {
	for {
		n, ok := q.pop()
		if !ok {
			return
		}
		q.put(n)
	}
}

func (q *Queue) deaf(n int) {
	for {
		if q.offer(n) {
			n++
		}
		if n > 100 {
			return
		}
	}
}

func NewQueue() *Queue {
	q := &Queue{in: make(chan int), quit: make(chan struct{})}
	go q.drain() // WANT: stops by q.quit, if the loop at -22 ends
	go q.deaf(3) // WANT: unknown (the loop at -13 ends when its data say so; it heeds q.quit)
	return q
}

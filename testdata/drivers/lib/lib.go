// Package lib holds goroutines that cannot be stopped, and some that can.
package lib

import "context"

type Queue struct{ n int }

func NewQueue() *Queue {
	q := &Queue{}
	go q.loop()
	return q
}

func (q *Queue) loop() {
	for { // want endless
		q.n++
	}
}

type Pool struct {
	jobs chan func()
	quit chan struct{}
}

func (p *Pool) Start() { go p.work() }

func (p *Pool) Stop() { close(p.quit) }

func (p *Pool) work() {
	for { // want ignoredstop
		job := <-p.jobs
		job()
	}
}

func Fetch(ctx context.Context, get func() int) (int, error) {
	result := make(chan int)
	go func() {
		result <- get() // want abandoned
	}()
	select {
	case v := <-result:
		return v, nil
	case <-ctx.Done():
		return 0, ctx.Err()
	}
}

func FetchOk(ctx context.Context, get func() int) (int, error) {
	result := make(chan int, 1)
	go func() {
		result <- get()
	}()
	select {
	case v := <-result:
		return v, nil
	case <-ctx.Done():
		return 0, ctx.Err()
	}
}

func (p *Pool) loopOk() {
	go func() {
		for {
			select {
			case job := <-p.jobs:
				job()
			case <-p.quit:
				return
			}
		}
	}()
}

// Forever never returns, which importers learn by a fact.
func Forever(n *int) {
	for {
		*n++
	}
}

func NewPool() *Pool {
	return &Pool{jobs: make(chan func()), quit: make(chan struct{})}
}

func (p *Pool) Do(job func()) { p.jobs <- job }

func Turn(n *int) {
	for {
		*n++
	}
}

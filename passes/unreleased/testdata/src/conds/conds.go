// Package conds waits for condition variables in a loop that looks at a flag.
package conds

import (
	"sync"
	"time"
)

func use() {}

func takeBad(mu *sync.Mutex, c *sync.Cond, over *bool, jobs *int) {
	mu.Lock()
	defer mu.Unlock()
	for { // want "goroutine may never stop: only a flag would end this, and Skipped can return without the store"
		for *jobs == 0 && !*over {
			c.Wait()
		}
		if *over {
			return
		}
		*jobs--
	}
}

func Skipped(n int) {
	var mu sync.Mutex
	var over bool
	var jobs int
	c := sync.NewCond(&mu)
	go takeBad(&mu, c, &over, &jobs)
	mu.Lock()
	jobs++
	mu.Unlock()
	c.Signal()
	if n > 5 {
		return
	}
	mu.Lock()
	over = true
	mu.Unlock()
	c.Broadcast()
}

type queue struct {
	mu   sync.Mutex
	more *sync.Cond
	over bool
	jobs int
}

func newQueue() *queue {
	q := &queue{}
	q.more = sync.NewCond(&q.mu)
	return q
}

func (q *queue) runBad() {
	q.mu.Lock()
	defer q.mu.Unlock()
	for { // want "goroutine may never stop: only over would end this, and MethodSkipped can return without the store"
		for q.jobs == 0 && !q.over {
			q.more.Wait()
		}
		if q.over {
			return
		}
		q.jobs--
	}
}

func (q *queue) finish() {
	q.mu.Lock()
	q.over = true
	q.mu.Unlock()
	q.more.Broadcast()
}

func (q *queue) add() {
	q.mu.Lock()
	q.jobs++
	q.mu.Unlock()
	q.more.Signal()
}

func MethodSkipped(n int) {
	q := newQueue()
	go q.runBad()
	q.add()
	if n > 5 {
		return
	}
	q.finish()
}

func LiteralOk(n int) {
	var mu sync.Mutex
	var over bool
	var jobs int
	c := sync.NewCond(&mu)
	go func() {
		mu.Lock()
		defer mu.Unlock()
		for {
			for jobs == 0 && !over {
				c.Wait()
			}
			if over {
				return
			}
			jobs--
		}
	}()
	defer func() {
		mu.Lock()
		over = true
		mu.Unlock()
		c.Broadcast()
	}()
	if n > 5 {
		return
	}
	mu.Lock()
	jobs++
	mu.Unlock()
	c.Signal()
}

// The goroutine itself is told to end by what it works on.
func WorksOk(n int, work func() bool) {
	var mu sync.Mutex
	var over bool
	var jobs int
	c := sync.NewCond(&mu)
	go func() {
		mu.Lock()
		defer mu.Unlock()
		for {
			for jobs == 0 && !over {
				c.Wait()
			}
			if over || work() {
				return
			}
			jobs--
		}
	}()
	if n > 5 {
		return
	}
	mu.Lock()
	over = true
	mu.Unlock()
	c.Broadcast()
}

// A Queue is ended by others.
type Queue struct {
	mu   sync.Mutex
	more *sync.Cond
	over bool
	jobs int
}

// New starts the queue.
func New() *Queue {
	q := &Queue{}
	q.more = sync.NewCond(&q.mu)
	go q.run()
	return q
}

func (q *Queue) run() {
	q.mu.Lock()
	defer q.mu.Unlock()
	for {
		for q.jobs == 0 && !q.over {
			q.more.Wait()
		}
		if q.over {
			return
		}
		q.jobs--
	}
}

// Add adds a job.
func (q *Queue) Add() {
	q.mu.Lock()
	q.jobs++
	q.mu.Unlock()
	q.more.Signal()
}

// Close ends the queue.
func (q *Queue) Close() {
	q.mu.Lock()
	q.over = true
	q.mu.Unlock()
	q.more.Broadcast()
	time.Sleep(0)
}

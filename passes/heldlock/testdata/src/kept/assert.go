package kept

import (
	"container/list"
	"errors"
	"sync"
)

// A queue that holds jobs alone: the other way out cannot be taken, as far as anybody
// knows who reads this package.
type job struct{ n int }

type queue struct {
	mu   sync.Mutex
	jobs list.List
}

func (q *queue) push(j *job) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.jobs.PushBack(j)
}

func (q *queue) popGood() *job {
	q.mu.Lock()
	e := q.jobs.Front()
	if e == nil {
		q.mu.Unlock()
		return nil
	}
	j, ok := q.jobs.Remove(e).(*job)
	if !ok {
		return nil
	}
	q.mu.Unlock()
	return j
}

// What others hand over may be anything.
func (q *queue) takeBad(v any) error {
	q.mu.Lock()
	n, ok := v.(int)
	if !ok {
		return errors.New("no number") // want "it returns here with q.mu still held"
	}
	q.jobs.PushBack(&job{n})
	q.mu.Unlock()
	return nil
}

func Queue(v any) {
	q := new(queue)
	go q.push(&job{1})
	go q.takeBad(v)
	q.popGood()
}

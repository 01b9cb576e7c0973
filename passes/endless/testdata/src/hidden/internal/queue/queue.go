// Package queue is known in its module alone, where nobody would call a new Stop: no fix.
package queue

type Queue struct{ n int }

func New() *Queue {
	q := &Queue{}
	go q.countBad()
	return q
}

func (q *Queue) countBad() {
	for { // want "no exit"
		q.n++
	}
}

package lsp

import "sync"

// A queue holds frames without bound between the goroutine that reads them and
// the one that handles them. With a bound, an editor that writes much before it
// reads could wait for us while we wait for it.
type queue struct {
	mu     sync.Mutex
	filled sync.Cond
	frames []frame
	closed bool
}

func newQueue() *queue {
	q := new(queue)
	q.filled.L = &q.mu
	return q
}

func (q *queue) put(f frame) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.frames = append(q.frames, f)
	q.filled.Signal()
}

// close says that no more frames will come.
func (q *queue) close() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.closed = true
	q.filled.Signal()
}

// take waits for a frame. ok is false after the last one.
func (q *queue) take() (f frame, ok bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for len(q.frames) == 0 && !q.closed {
		q.filled.Wait()
	}
	if len(q.frames) == 0 {
		return frame{}, false
	}
	f = q.frames[0]
	q.frames[0] = frame{} // it may be big
	q.frames = q.frames[1:]
	return f, true
}

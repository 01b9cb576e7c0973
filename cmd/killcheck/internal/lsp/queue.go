package lsp

import "sync"

// Limits of what a gopls that does not take its input may leave waiting. While an
// editor starts, a few hundred messages wait, and some megabytes.
const (
	maxWaiting      = 1 << 16   // messages
	maxWaitingBytes = 128 << 20 // at least one message of maxBody
)

// A queue holds frames between the goroutine that reads them and the one that
// handles them. With a bound that makes the reader wait, an editor that writes much
// before it reads could wait for us while we wait for it. So the bound is far off,
// and whoever comes to it has to give up.
type queue struct {
	limit, limitBytes int

	mu     sync.Mutex
	filled sync.Cond
	frames []frame
	bytes  int
	closed bool
}

func newQueue(limit, limitBytes int) *queue {
	q := &queue{limit: limit, limitBytes: limitBytes}
	q.filled.L = &q.mu
	return q
}

// put reports false if the frame has no room.
func (q *queue) put(f frame) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.frames) >= q.limit || len(q.frames) > 0 && q.bytes+len(f.raw) > q.limitBytes {
		return false
	}
	q.frames = append(q.frames, f)
	q.bytes += len(f.raw)
	q.filled.Signal()
	return true
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
	q.bytes -= len(f.raw)
	return f, true
}

// Package kubernetes58107 is a fixed form: a worker waits for the queue before
// it takes the worker lock, and a queue that is shut down wakes its waiters.
package kubernetes58107

import "sync"

type queue struct {
	cond *sync.Cond
	n    int
	shut bool
}

func newQueue() *queue { return &queue{cond: sync.NewCond(&sync.Mutex{})} }

func (q *queue) get() bool {
	q.cond.L.Lock()
	defer q.cond.L.Unlock()
	for q.n == 0 && !q.shut {
		q.cond.Wait()
	}
	if q.n == 0 {
		return false
	}
	q.n--
	return true
}

func (q *queue) put() {
	q.cond.L.Lock()
	defer q.cond.L.Unlock()
	q.n++
	q.cond.Signal()
}

func (q *queue) shutDown() {
	q.cond.L.Lock()
	defer q.cond.L.Unlock()
	q.shut = true
	q.cond.Broadcast()
}

type quotaController struct {
	workerLock sync.RWMutex
	resyncs    int
	queue      *queue
	missing    *queue
}

func (rq *quotaController) worker(q *queue) {
	for q.get() {
		rq.work()
	}
}

func (rq *quotaController) work() {
	rq.workerLock.RLock()
	defer rq.workerLock.RUnlock()
	_ = rq.resyncs
}

func (rq *quotaController) Run() {
	go rq.worker(rq.queue)
	go rq.worker(rq.missing)
}

func (rq *quotaController) sync() {
	for i := 0; i < 100; i++ {
		rq.workerLock.Lock()
		rq.resyncs++
		rq.workerLock.Unlock()
	}
}

// Run puts items into both queues and shuts them down.
func Run() {
	rq := &quotaController{queue: newQueue(), missing: newQueue()}
	go rq.Run()
	go rq.sync()
	for i := 0; i < 100; i++ {
		rq.queue.put()
		rq.missing.put()
	}
	rq.queue.shutDown()
	rq.missing.shutDown()
}

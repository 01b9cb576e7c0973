// Package kubernetes30872 is a fixed form: the informer asks its controller
// without the lock that the controller's handler takes.
package kubernetes30872

import "sync"

func until(f func(), stop <-chan struct{}) {
	for {
		select {
		case <-stop:
			return
		default:
		}
		f()
	}
}

type queue interface {
	hasSynced() bool
	pop(func())
}

type controller struct {
	queue   queue
	process func()
}

func (c *controller) Run(stop <-chan struct{}) {
	until(func() { c.queue.pop(c.process) }, stop)
}

func (c *controller) hasSynced() bool { return c.queue.hasSynced() }

type informer struct {
	sync.Mutex
	controller *controller
	stopChan   chan struct{}
	clusters   int
}

func (f *informer) clustersSynced() bool {
	f.Lock()
	c := f.controller
	f.Unlock()
	return c.hasSynced()
}

func (f *informer) addCluster() {
	f.Lock()
	defer f.Unlock()
	f.clusters++
}

func (f *informer) start() {
	f.Lock()
	defer f.Unlock()
	f.stopChan = make(chan struct{})
	go f.controller.Run(f.stopChan)
}

func (f *informer) Stop() {
	f.Lock()
	defer f.Unlock()
	close(f.stopChan)
}

type deltaFIFO struct {
	lock   sync.RWMutex
	popped int
}

func (q *deltaFIFO) hasSynced() bool {
	q.lock.Lock()
	defer q.lock.Unlock()
	return q.popped > 0
}

func (q *deltaFIFO) pop(process func()) {
	q.lock.Lock()
	defer q.lock.Unlock()
	q.popped++
	process()
}

// Run starts an informer, asks it and stops it.
func Run() {
	f := &informer{}
	f.controller = &controller{queue: &deltaFIFO{}, process: f.addCluster}
	f.start()
	stop := make(chan struct{})
	go func() {
		<-stop
		f.Stop()
	}()
	go f.clustersSynced()
	close(stop)
}

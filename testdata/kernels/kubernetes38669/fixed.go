// Package kubernetes38669 is a fixed form: a stopped watcher drops the event
// that nobody takes.
package kubernetes38669

import "sync"

type cacheEvent int

type cacheWatcher struct {
	sync.Mutex
	input   chan cacheEvent
	result  chan cacheEvent
	done    chan struct{}
	stopped bool
}

func newCacheWatcher(size int, initial []cacheEvent) *cacheWatcher {
	w := &cacheWatcher{
		input:  make(chan cacheEvent, size),
		result: make(chan cacheEvent, size),
		done:   make(chan struct{}),
	}
	go w.process(initial)
	return w
}

func (c *cacheWatcher) process(initial []cacheEvent) {
	defer close(c.result)
	defer c.Stop()
	for _, e := range initial {
		c.send(e)
	}
	for range c.input {
	}
}

func (c *cacheWatcher) send(e cacheEvent) {
	select {
	case c.result <- e:
	case <-c.done:
	}
}

func (c *cacheWatcher) Stop() {
	c.Lock()
	defer c.Unlock()
	if !c.stopped {
		c.stopped = true
		close(c.done)
		close(c.input)
	}
}

// Run stops a watcher whose events nobody read.
func Run() {
	w := newCacheWatcher(0, []cacheEvent{1, 2})
	w.Stop()
}

// Package kubernetes13135 is a fixed form: whoever takes the cacher's lock
// releases it, and it is not held while the watch cache is replaced.
package kubernetes13135

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

type cacher struct {
	sync.Mutex
	events      int
	initialized sync.WaitGroup
	once        sync.Once
	cache       *watchCache
}

func (c *cacher) processEvent() {
	c.Lock()
	defer c.Unlock()
	c.events++
}

func (c *cacher) startCaching() { c.cache.replace() }

type watchCache struct {
	sync.RWMutex
	onReplace func()
	onEvent   func()
}

func (w *watchCache) add() {
	w.Lock()
	defer w.Unlock()
	w.onEvent()
}

func (w *watchCache) replace() {
	w.Lock()
	defer w.Unlock()
	w.onReplace()
}

func newCacher(stop <-chan struct{}) *cacher {
	c := &cacher{cache: &watchCache{}}
	c.initialized.Add(1)
	c.cache.onReplace = func() { c.once.Do(c.initialized.Done) }
	c.cache.onEvent = c.processEvent
	go until(c.startCaching, stop)
	c.initialized.Wait()
	return c
}

// Run adds an event to a cacher and stops it.
func Run() {
	stop := make(chan struct{})
	c := newCacher(stop)
	go c.cache.add()
	go close(stop)
}

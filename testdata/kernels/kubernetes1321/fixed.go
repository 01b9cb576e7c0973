// Package kubernetes1321 is a fixed form: a watcher that stops says so without
// the lock, and the distributor does not wait for it.
package kubernetes1321

import "sync"

type muxWatcher struct {
	result  chan struct{}
	stopped chan struct{}
	once    sync.Once
	m       *mux
	id      int64
}

func (w *muxWatcher) Stop() {
	w.once.Do(func() { close(w.stopped) })
	w.m.stopWatching(w.id)
}

type mux struct {
	lock     sync.Mutex
	next     int64
	watchers map[int64]*muxWatcher
}

func newMux() *mux {
	m := &mux{watchers: map[int64]*muxWatcher{}}
	go m.loop()
	return m
}

func (m *mux) watch() *muxWatcher {
	m.lock.Lock()
	defer m.lock.Unlock()
	w := &muxWatcher{result: make(chan struct{}), stopped: make(chan struct{}), m: m, id: m.next}
	m.next++
	m.watchers[w.id] = w
	return w
}

func (m *mux) loop() {
	for i := 0; i < 100; i++ {
		m.distribute()
	}
}

func (m *mux) distribute() {
	m.lock.Lock()
	defer m.lock.Unlock()
	for _, w := range m.watchers {
		select {
		case w.result <- struct{}{}:
		case <-w.stopped:
		}
	}
}

func (m *mux) stopWatching(id int64) {
	m.lock.Lock()
	defer m.lock.Unlock()
	if w, ok := m.watchers[id]; ok {
		delete(m.watchers, id)
		close(w.result)
	}
}

// Run watches and stops watching.
func Run() { newMux().watch().Stop() }

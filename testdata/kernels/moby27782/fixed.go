// Package moby27782 is a fixed form: removing a watch does not wait for the
// event loop, which may be sending and never come back to wake it.
package moby27782

import (
	"errors"
	"sync"
)

type event struct{ op int }

type watcher struct {
	events  chan event
	mu      sync.Mutex
	removed bool
	once    sync.Once
	done    chan struct{}
}

func newWatcher() *watcher {
	w := &watcher{events: make(chan event), done: make(chan struct{})}
	go w.readEvents()
	return w
}

func (w *watcher) readEvents() {
	defer close(w.events)
	for {
		select {
		case w.events <- event{1}:
		case <-w.done:
			return
		}
	}
}

func (w *watcher) Close() { w.once.Do(func() { close(w.done) }) }

func (w *watcher) Remove() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.removed = true
}

type logWatcher struct {
	once     sync.Once
	notifier chan struct{}
}

func (w *logWatcher) Close() { w.once.Do(func() { close(w.notifier) }) }

func followLogs(lw *logWatcher) {
	fw := newWatcher()
	defer fw.Close()
	select {
	case <-fw.events:
	case <-lw.notifier:
		fw.Remove()
	}
}

type container struct{ driver *jsonFileLogger }

func (c *container) initializeStdio() {
	if err := c.startLogging(); err != nil {
		c.reset()
	}
}

func (c *container) startLogging() error {
	l := &jsonFileLogger{readers: map[*logWatcher]struct{}{}}
	c.driver = l
	l.readLogs()
	return errors.New("no logging")
}

func (c *container) reset() {
	if c.driver != nil {
		c.driver.Close()
	}
}

type jsonFileLogger struct {
	mu      sync.Mutex
	readers map[*logWatcher]struct{}
}

func (l *jsonFileLogger) readLogs() *logWatcher {
	lw := &logWatcher{notifier: make(chan struct{})}
	l.mu.Lock()
	l.readers[lw] = struct{}{}
	l.mu.Unlock()
	go followLogs(lw)
	return lw
}

func (l *jsonFileLogger) Close() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for r := range l.readers {
		r.Close()
		delete(l.readers, r)
	}
}

// Run starts a container whose logging fails.
func Run() { go (&container{}).initializeStdio() }

// Package started holds objects that somebody starts and does not stop.
package started

import "time"

type watcher struct {
	done   chan struct{}
	Events chan string
}

func newWatcher() *watcher {
	return &watcher{done: make(chan struct{}), Events: make(chan string, 100)}
}

func (w *watcher) Start(look func() string) {
	for {
		select {
		case <-time.After(time.Second):
			select {
			case w.Events <- look():
			case <-w.done:
				return
			}
		case <-w.done:
			return
		}
	}
}

func (w *watcher) Stop() { w.done <- struct{}{} }

func (w *watcher) name() string { return "watcher" }

type app struct {
	seen    map[string]bool
	watcher *watcher
}

func (a *app) watchBad(look func() string) {
	w := newWatcher()
	go w.Start(look) // want `watchBad makes the watcher and gives it to nobody, but does not call its Stop`
	go func() {
		for e := range w.Events {
			a.seen[e] = true
		}
	}()
	println(w.name())
}

func (a *app) watchOk(look func() string) {
	w := newWatcher()
	a.watcher = w
	go w.Start(look)
}

func (a *app) Close() { a.watcher.Stop() }

func (a *app) onceOk(look func() string) {
	w := newWatcher()
	go w.Start(look)
	time.Sleep(time.Minute)
	w.Stop()
}

func (a *app) laterOk(look func() string) {
	w := newWatcher()
	go w.Start(look)
	time.AfterFunc(time.Minute, func() { w.Stop() })
}

func (a *app) handedOk(look func() string, keep func(stop func())) {
	w := newWatcher()
	go w.Start(look)
	keep(w.Stop)
}

func givenOk(w *watcher, look func() string) { go w.Start(look) }

func returnedOk(look func() string) *watcher {
	w := newWatcher()
	go w.Start(look)
	return w
}

func New(look func() string, use func(any)) *app {
	a := &app{seen: make(map[string]bool)}
	a.watchBad(look)
	a.watchOk(look)
	a.onceOk(look)
	a.laterOk(look)
	a.handedOk(look, func(stop func()) { stop() })
	givenOk(newWatcher(), look)
	use(returnedOk(look))
	tickBad()
	tickOk()
	return a
}

// The method itself starts the goroutine.

type ticker struct{ quit chan struct{} }

func (t *ticker) Start() {
	go func() {
		for {
			select {
			case <-t.quit:
				return
			case <-time.After(time.Second):
				println("tick")
			}
		}
	}()
}

func (t *ticker) Close() { close(t.quit) }

func tickBad() {
	t := &ticker{make(chan struct{})}
	t.Start() // want `tickBad makes the ticker and gives it to nobody, but does not call its Close`
}

func tickOk() {
	t := &ticker{make(chan struct{})}
	t.Start()
	defer t.Close()
	time.Sleep(time.Minute)
}

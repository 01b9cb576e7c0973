// Package stops holds a worker that stops as it should.
package stops

import "sync"

type worker struct {
	quit, jobs chan struct{}
	wg         sync.WaitGroup
}

// Run starts a worker and stops it.
func Run() {
	w := &worker{quit: make(chan struct{}), jobs: make(chan struct{})}
	w.wg.Add(1)
	go w.loop()
	w.stop()
}

func (w *worker) stop() {
	close(w.quit)
	w.wg.Wait()
}

func (w *worker) loop() {
	defer w.wg.Done()
	for {
		select {
		case <-w.quit:
			return
		case <-w.jobs:
		}
	}
}

// Package quit holds a worker whose stop channel nobody closes.
package quit

// A Worker has a loop.
type worker struct {
	quit chan struct{}
	n    int
}

// Run starts a worker.
func Run() {
	w := &worker{quit: make(chan struct{})}
	go w.loop()
}

func (w *worker) loop() {
	<-w.quit
	w.n++
}

// Package badger8de6464 is after badger 8de646420bc4: a watermark reads marks
// from a channel that nobody closes.
package badger8de6464

import "sync/atomic"

type markBad struct {
	index uint64
	done  bool
}

type waterMarkBad struct {
	doneUntil uint64
	markCh    chan markBad
}

// NewWaterMarkBad returns a watermark that is being processed.
func NewWaterMarkBad() *waterMarkBad {
	w := &waterMarkBad{markCh: make(chan markBad, 100)}
	go w.process()
	return w
}

// Done marks index as done.
func (w *waterMarkBad) Done(index uint64) { w.markCh <- markBad{index, true} }

func (w *waterMarkBad) process() {
	for m := range w.markCh {
		if m.done {
			atomic.StoreUint64(&w.doneUntil, m.index)
		}
	}
}

type markOk struct {
	index uint64
	done  bool
}

type waterMarkOk struct {
	doneUntil uint64
	markCh    chan markOk
	closed    chan struct{}
}

// NewWaterMarkOk returns a watermark that is processed until it is closed.
func NewWaterMarkOk() *waterMarkOk {
	w := &waterMarkOk{markCh: make(chan markOk, 100), closed: make(chan struct{})}
	go w.process()
	return w
}

// Done marks index as done.
func (w *waterMarkOk) Done(index uint64) {
	select {
	case w.markCh <- markOk{index, true}:
	case <-w.closed:
	}
}

// Close ends the processing.
func (w *waterMarkOk) Close() { close(w.closed) }

func (w *waterMarkOk) process() {
	for {
		select {
		case <-w.closed:
			return
		case m := <-w.markCh:
			if m.done {
				atomic.StoreUint64(&w.doneUntil, m.index)
			}
		}
	}
}

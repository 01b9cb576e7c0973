// Package moby21233 is a fixed form: the consumer reads on until the channel
// is closed, whatever it sees.
package moby21233

import (
	"math/rand"
	"sync"
)

type progress struct{}

type output interface{ writeProgress(progress) error }

type chanOutput chan<- progress

func (out chanOutput) writeProgress(p progress) error {
	out <- p
	return nil
}

type transfer struct {
	mu       sync.Mutex
	watchers int
}

type watcher struct {
	signalChan  chan struct{}
	releaseChan chan struct{}
	running     chan struct{}
}

func (t *transfer) release(w *watcher) {
	t.mu.Lock()
	t.watchers--
	t.mu.Unlock()
	close(w.releaseChan)
	<-w.running
}

func (t *transfer) watch(out output) *watcher {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.watchers++
	w := &watcher{
		releaseChan: make(chan struct{}),
		signalChan:  make(chan struct{}),
		running:     make(chan struct{}),
	}
	go func() {
		defer close(w.running)
		done := false
		for {
			if rand.Intn(2) == 0 {
				out.writeProgress(progress{})
			}
			if done {
				return
			}
			select {
			case <-w.signalChan:
			case <-w.releaseChan:
				done = true
			}
		}
	}()
	return w
}

// Run makes three transfers, releases them and counts their progress.
func Run() {
	progressChan := make(chan progress)
	progressDone := make(chan struct{})
	go func() {
		defer close(progressDone)
		n := 0
		for range progressChan {
			n++
		}
	}()
	var transfers [3]transfer
	var watchers [3]*watcher
	for i := range transfers {
		watchers[i] = transfers[i].watch(chanOutput(progressChan))
	}
	for i := range transfers {
		transfers[i].release(watchers[i])
	}
	close(progressChan)
	<-progressDone
}

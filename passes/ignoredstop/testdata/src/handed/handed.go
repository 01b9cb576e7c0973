// Package handed hands out channels that a goroutine closes at its end.
package handed

import "context"

type Watcher struct{ events chan int }

func New(ctx context.Context) *Watcher {
	w := &Watcher{events: make(chan int)}
	go w.run(ctx)
	return w
}

func (w *Watcher) Events() <-chan int { return w.events }

// Who takes the events ranges over them until the close.
func (w *Watcher) run(ctx context.Context) {
	defer close(w.events)
	for n := 0; ctx.Err() == nil; n++ {
		w.events <- n
	}
}

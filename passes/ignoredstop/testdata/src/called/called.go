// Package called holds waits in callees of loops that heed a stop: core where the
// callee goes round by itself.
package called

import "context"

type feed struct {
	out chan int
	n   int
}

func newFeed(out chan int) *feed { return &feed{out: out} }

func (f *feed) next() int { f.n++; return f.n }

func (f *feed) oneBad() {
	f.out <- f.next() // want `does not stop while it sends on f.out: the loop that leads here heeds ctx`
}

func (f *feed) Run(ctx context.Context) {
	go func() {
		for {
			select {
			case <-ctx.Done():
				return
			default:
				f.oneBad()
			}
		}
	}()
}

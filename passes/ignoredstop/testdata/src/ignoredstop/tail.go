package ignoredstop

import "context"

// Who leaves the loop tells others: a return at the send would skip that, so that
// there is no fix.

type relay struct {
	out  chan int
	gone chan struct{}
	n    int
}

func newRelay(out chan int) *relay { return &relay{out: out, gone: make(chan struct{})} }

func (r *relay) RunBad(ctx context.Context) {
	go func() {
		for {
			select {
			case <-ctx.Done():
				close(r.gone)
				return
			default:
				r.n++
				r.out <- r.n // want `does not stop while it sends on r.out: the loop around it heeds ctx`
			}
		}
	}()
}

func (r *relay) Wait() { <-r.gone }

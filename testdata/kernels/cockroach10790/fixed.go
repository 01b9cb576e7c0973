// Package cockroach10790 is a fixed form: the goroutine that drains the
// channels after a cancel also ends when the store quiesces.
package cockroach10790

import "context"

type replica struct {
	chans   []chan bool
	quiesce chan struct{}
}

func newReplica() *replica {
	return &replica{chans: []chan bool{make(chan bool), make(chan bool)}, quiesce: make(chan struct{})}
}

func (r *replica) beginCmds(ctx context.Context) {
	for _, ch := range r.chans {
		select {
		case <-ch:
		case <-ctx.Done():
			go r.drain()
		}
	}
}

func (r *replica) drain() {
	for _, ch := range r.chans {
		select {
		case <-ch:
		case <-r.quiesce:
			return
		}
	}
}

func (r *replica) sendChans(ctx context.Context) {
	for _, ch := range r.chans {
		select {
		case ch <- true:
		case <-ctx.Done():
			return
		}
	}
}

// Run begins commands, cancels them and quiesces.
func Run() {
	r := newReplica()
	ctx, cancel := context.WithCancel(context.Background())
	go r.sendChans(ctx)
	go r.beginCmds(ctx)
	go func() {
		cancel()
		close(r.quiesce)
	}()
}

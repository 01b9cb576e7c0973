package promote

import (
	"context"
	"errors"
	"fmt"
	"sync"
)

// A Pool keeps children of one worker ready, so that a call does not pay for
// the start of a process. Each child runs one call at a time. A child whose
// call is stopped, panics or exits is replaced; a child whose function returns
// an error is kept. A Pool is safe for concurrent use.
type Pool[In, Out any] struct {
	w      *Worker[In, Out]
	ctx    context.Context // ends with Close
	cancel context.CancelCauseFunc
	slots  chan *child // one element for each place; nil where a child must be started

	mu      sync.Mutex // guards closed, and running.Go against running.Wait
	closed  bool
	running sync.WaitGroup // starts in the background
}

// NewPool starts size children of w and returns when all of them are ready.
// If one cannot be started, or ctx ends first, none is left. ctx has no effect
// after NewPool has returned. The pool must be closed.
func NewPool[In, Out any](ctx context.Context, w *Worker[In, Out], size int) (*Pool[In, Out], error) {
	if err := w.usable(); err != nil {
		return nil, err
	}
	if size < 1 {
		return nil, fmt.Errorf("promote: a pool of %d children", size)
	}
	p := &Pool[In, Out]{w: w, slots: make(chan *child, size)}
	p.ctx, p.cancel = context.WithCancelCause(context.Background())
	errs := make([]error, size)
	var starting sync.WaitGroup
	for i := range size {
		starting.Go(func() {
			c, err := startChild(ctx, w.cfg, w.name, modePool)
			errs[i] = err
			p.slots <- c
		})
	}
	starting.Wait()
	if err := errors.Join(errs...); err != nil {
		p.Close()
		return nil, err
	}
	return p, nil
}

// Run calls the function in a child of the pool, waiting for a free one. When
// ctx ends first, the child is terminated and replaced, as in [Worker.Run].
func (p *Pool[In, Out]) Run(ctx context.Context, in In) (Out, error) {
	var zero Out
	arg, err := encode(p.w.name, "argument", p.w.cfg.maxArg, in)
	if err != nil {
		return zero, err
	}
	c, err := p.take(ctx)
	if err != nil {
		return zero, err
	}
	unhook := context.AfterFunc(ctx, func() { c.terminate(context.Cause(ctx)) })
	unhookPool := context.AfterFunc(p.ctx, func() { c.terminate(context.Cause(p.ctx)) })
	data, err := c.call(arg)
	kept := unhook() // false: the child has been told to stop
	kept = unhookPool() && kept && reusable(err) && !c.gone()
	if kept {
		p.slots <- c
	} else {
		c.terminate(nil)
		c.finish()
		p.replace()
	}
	var out Out
	if err == nil {
		out, err = decode[Out](p.w.name, "result", data)
	}
	if err != nil {
		return zero, c.stopped(err)
	}
	return out, nil
}

// reusable reports whether a child that answered with err may serve again.
func reusable(err error) bool {
	switch err.(type) {
	case nil, *FuncError, *EncodeError, *DecodeError, *SizeError:
		return true
	}
	return false
}

// take waits for a place and starts a child there if it has none.
func (p *Pool[In, Out]) take(ctx context.Context) (*child, error) {
	stopped := func(ctx context.Context) error {
		return &StoppedError{Worker: p.w.name, Cause: context.Cause(ctx)}
	}
	if ctx.Err() != nil {
		return nil, stopped(ctx)
	}
	if p.ctx.Err() != nil {
		return nil, ErrPoolClosed
	}
	var c *child
	select {
	case c = <-p.slots:
	case <-ctx.Done():
		return nil, stopped(ctx)
	case <-p.ctx.Done():
		return nil, ErrPoolClosed
	}
	if p.ctx.Err() != nil { // select chooses at random
		p.slots <- c
		return nil, ErrPoolClosed
	}
	if c != nil && c.idle() {
		return c, nil
	}
	c, err := p.start(ctx)
	if err != nil {
		p.slots <- nil
		return nil, err
	}
	return c, nil
}

// start starts a child unless ctx or the pool ends first.
func (p *Pool[In, Out]) start(ctx context.Context) (*child, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	unhook := context.AfterFunc(p.ctx, func() { cancel(context.Cause(p.ctx)) })
	defer unhook()
	return startChild(ctx, p.w.cfg, p.w.name, modePool)
}

// replace fills a place again, in the background. If that fails, the next call
// that gets the place tries again and reports the error.
func (p *Pool[In, Out]) replace() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		p.slots <- nil
		return
	}
	p.running.Go(func() {
		c, err := p.start(context.Background())
		if err != nil {
			c = nil
		}
		p.slots <- c
	})
}

// Close stops the running calls, ends the children, and returns when all of
// them are gone. Run then returns [ErrPoolClosed]. Further calls wait as well.
func (p *Pool[In, Out]) Close() {
	p.mu.Lock()
	first := !p.closed
	p.closed = true
	p.mu.Unlock()
	p.cancel(ErrPoolClosed)
	p.running.Wait()
	if !first {
		// The first call holds the places; wait until it gives them back.
		c := <-p.slots
		p.slots <- c
		return
	}
	// Every place comes back, from Run or from a start.
	var ending sync.WaitGroup
	for range cap(p.slots) {
		if c := <-p.slots; c != nil {
			ending.Go(func() {
				c.data.Close() // an idle child then ends by itself
				c.finish()
			})
		}
	}
	ending.Wait()
	for range cap(p.slots) {
		p.slots <- nil
	}
}

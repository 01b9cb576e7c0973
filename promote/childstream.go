package promote

import (
	"context"
	"fmt"
)

// childStream is the connection of a stream worker, in the child. The typed
// part of the worker decodes and encodes.
type childStream struct {
	in     *inherited
	maxArg int
	sent   uint64      // number of the next item to the parent; of runStream
	items  chan []byte // raw items; closed when no more will come
	failed chan error  // why the input ended early; room for both senders
}

// workStream runs a stream worker.
func (in *inherited) workStream(ctx context.Context, first uint64, w handler) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	s := &childStream{in: in, maxArg: w.cfg.maxArg, sent: first, items: make(chan []byte), failed: make(chan error, 2)}
	go s.read(ctx, cancel, first)
	if err := w.stream(ctx, s); err != nil {
		return in.sendError(w.cfg, s.sent, err)
	}
	return writeFrame(in.data, frameEnd, s.sent, nil)
}

// read passes items on until the input or ctx ends.
func (s *childStream) read(ctx context.Context, cancel context.CancelCauseFunc, first uint64) {
	defer close(s.items)
	for number := first; ; number++ {
		f, err := readFrame(s.in.data, number, s.maxArg)
		if err == nil && f.kind != frameItem && f.kind != frameEnd {
			err = fmt.Errorf("unexpected frame %q", f.kind)
		}
		if err != nil {
			s.failed <- err
			cancel(err)
			return
		}
		if f.kind == frameEnd {
			return
		}
		select {
		case s.items <- f.payload:
		case <-ctx.Done():
			return
		}
	}
}

// runStream is the typed part of a stream worker, in the child. It decodes raw
// items into the channel that fn reads, and encodes what fn sends. When it
// returns, the process ends; it does not wait for goroutines.
func runStream[In, Out any](ctx context.Context, s *childStream, cfg *config, fn func(context.Context, <-chan In, chan<- Out) error) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	in, out := make(chan In), make(chan Out)
	go func() {
		defer close(in) // a stop also ends the input, so that a plain range over it ends
		for {
			select {
			case raw, ok := <-s.items:
				if !ok {
					return
				}
				v, err := decode[In]("", "item", raw)
				if err != nil {
					s.failed <- err
					cancel(err)
					return
				}
				select {
				case in <- v:
				case <-ctx.Done():
					return
				}
			case <-ctx.Done():
				return
			}
		}
	}()

	result := make(chan error, 1)
	go func() {
		result <- protect(func() error {
			if err := fn(ctx, in, out); err != nil {
				return &childFuncError{err}
			}
			return nil
		})
	}()
	for {
		select {
		case v := <-out:
			data, err := encode("", "item", cfg.maxResult, v)
			if err != nil {
				return err
			}
			if err := writeFrame(s.in.data, frameItem, s.sent, data); err != nil {
				return err
			}
			s.sent++
		case err := <-s.failed:
			return err
		case err := <-result:
			select {
			case failed := <-s.failed: // fn saw only a part of the input
				return failed
			default:
				return err
			}
		}
	}
}

package promote

import (
	"context"
	"os"
	"reflect"
	"sync"
)

// A StreamWorker is a function that runs in a child process, reads items from
// one channel and sends answers on another. It is made by [RegisterStream] and
// safe for concurrent use.
type StreamWorker[In, Out any] struct {
	name string
	cfg  *config
	err  error
}

// RegisterStream names fn as a streaming worker; see [Register]. fn reads until
// in is closed and sends to out, which it must not close; a send blocks while
// the parent is slow. When the child is asked to stop, ctx ends and in is
// closed; a send to out should select on ctx. The child ends when fn returns.
func RegisterStream[In, Out any](name string, fn func(ctx context.Context, in <-chan In, out chan<- Out) error, opts ...Option) *StreamWorker[In, Out] {
	w := &StreamWorker[In, Out]{name: name, cfg: newConfig(opts)}
	h := handler{cfg: w.cfg, stream: func(ctx context.Context, s *childStream) error {
		return runStream(ctx, s, w.cfg, fn)
	}}
	w.err = program.add(name, h, reflect.TypeFor[In](), reflect.TypeFor[Out]())
	return w
}

// Start starts a child that is fed from in until in is closed. The child is
// terminated when ctx ends.
//
// Nobody reads from in once the child has ended. A sender that must not block
// selects on [Stream.Done] or on ctx as well.
func (w *StreamWorker[In, Out]) Start(ctx context.Context, in <-chan In) (*Stream[Out], error) {
	switch {
	case w == nil || w.cfg == nil:
		return nil, &UnknownWorkerError{""}
	case w.err != nil:
		return nil, w.err
	}
	c, err := startChild(ctx, w.cfg, w.name, modeStream)
	if err != nil {
		return nil, err
	}
	s := &Stream[Out]{c: c, out: make(chan Out), ended: make(chan struct{}), done: make(chan struct{})}
	var feeding sync.WaitGroup
	feeding.Go(func() { feed(c, c.next, s.ended, in) })
	go s.run(ctx, &feeding)
	return s, nil
}

// feed sends the items of in to the child until in is closed or ended is.
func feed[In any](c *child, first uint64, ended <-chan struct{}, in <-chan In) {
	for number := first; ; number++ {
		select {
		case v, ok := <-in:
			if !ok {
				// If the child is gone, its end explains why.
				_ = writeFrame(c.data, frameEnd, number, nil)
				return
			}
			data, err := encode(c.name, "item", c.cfg.maxArg, v)
			if err != nil {
				c.terminate(err)
				return
			}
			if writeFrame(c.data, frameItem, number, data) != nil {
				return // as above
			}
		case <-ended:
			return
		}
	}
}

// A Stream is a streaming worker in its child. Its methods are safe for
// concurrent use.
type Stream[Out any] struct {
	c     *child
	out   chan Out
	ended chan struct{} // closed when the child has answered for the last time
	done  chan struct{} // closed when err is set, out is closed and the child is gone
	err   error

	dropping bool // nobody receives; used by run's goroutine only
}

func (s *Stream[Out]) run(ctx context.Context, feeding *sync.WaitGroup) {
	defer close(s.done)
	defer close(s.out)
	unhook := context.AfterFunc(ctx, func() { s.c.terminate(context.Cause(ctx)) })
	defer unhook()
	err := s.collect()
	close(s.ended)
	s.c.finish() // closes the connection, which ends a blocked write of feed
	feeding.Wait()
	s.err = s.c.stopped(err)
}

// collect passes answers on until the child says that it has none left.
func (s *Stream[Out]) collect() error {
	for number := s.c.next; ; number++ {
		f, err := readFrame(s.c.answers, number, s.c.cfg.maxResult)
		if err != nil {
			return s.c.readError("item", err)
		}
		switch f.kind {
		case frameItem:
			v, err := decode[Out](s.c.name, "item", f.payload)
			if err != nil {
				s.c.kill(err)
				return err
			}
			s.deliver(v)
		case frameEnd:
			return nil
		default:
			return s.c.answerError(f)
		}
	}
}

// deliver sends one answer. Before a stop is asked for it waits for the
// receiver. After that the receiver may have left, and a child that cannot get
// rid of its answers cannot end: an answer that nobody takes for some time is
// dropped, and so are all after it.
func (s *Stream[Out]) deliver(v Out) {
	if s.dropping {
		return
	}
	select {
	case s.out <- v:
		return
	case <-s.c.asked:
	}
	late := make(chan struct{})
	taken := patient(s.c.patience(), func() { close(late) })
	defer taken()
	select {
	case s.out <- v:
	case <-late:
		s.dropping = true
	}
}

// Out is the channel of answers. It is closed when the child is gone. Receive
// from it until then, or end the stream with ctx, Terminate or Kill. After
// that, answers are lost from the first one on that nobody takes within half a
// second, or a quarter of the grace period if that is less, in which this
// process runs; after Kill, at once.
func (s *Stream[Out]) Out() <-chan Out { return s.out }

// Wait returns when the child is gone: nil if the function returned nil, and a
// [StoppedError] if a stop was asked for before that. Somebody must receive
// from Out in the meantime. Wait may be called more than once.
func (s *Stream[Out]) Wait() error {
	<-s.done
	return s.err
}

// Done is closed when the child is gone and Wait will not block.
func (s *Stream[Out]) Done() <-chan struct{} { return s.done }

// Terminate asks the child to end; see [Process.Terminate].
func (s *Stream[Out]) Terminate() { s.c.terminate(ErrTerminated) }

// Kill ends the child and its process group at once. It does not wait.
func (s *Stream[Out]) Kill() { s.c.kill(ErrKilled) }

// PID returns the process id of the child.
func (s *Stream[Out]) PID() int { return s.c.cmd.Process.Pid }

// State returns how the child ended. It is nil while the child is there, and if
// the program has reaped it in some other way, such as by ignoring SIGCHLD.
func (s *Stream[Out]) State() *os.ProcessState { return s.c.state() }

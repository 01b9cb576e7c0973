package promote

import (
	"context"
	"os"
	"reflect"
)

// A Worker is a function that runs in child processes. It is made by
// [Register] and safe for concurrent use.
type Worker[In, Out any] struct {
	name string
	cfg  *config
	err  error
}

// Register names fn as a worker. Call it in a package-level variable, so that
// the child has it as well; the name must be the same in every start of the
// program and unique in it. A mistake (see [RegisterError]) is returned by
// [Init] and by every use of the worker.
//
// In the child fn gets a ctx that ends when the child is asked to stop. The
// cause is then [ErrTerminated].
func Register[In, Out any](name string, fn func(context.Context, In) (Out, error), opts ...Option) *Worker[In, Out] {
	return register(program, name, fn, opts)
}

func register[In, Out any](r *registry, name string, fn func(context.Context, In) (Out, error), opts []Option) *Worker[In, Out] {
	w := &Worker[In, Out]{name: name, cfg: newConfig(opts)}
	h := handler{cfg: w.cfg, call: func(ctx context.Context, arg []byte) ([]byte, error) {
		in, err := decode[In](name, "argument", arg)
		if err != nil {
			return nil, err
		}
		out, err := fn(ctx, in)
		if err != nil {
			return nil, &childFuncError{err}
		}
		return encode(name, "result", w.cfg.maxResult, out)
	}}
	w.err = r.add(name, h, reflect.TypeFor[In](), reflect.TypeFor[Out]())
	return w
}

// usable returns why w cannot be used, or nil.
func (w *Worker[In, Out]) usable() error {
	switch {
	case w == nil || w.cfg == nil:
		return &UnknownWorkerError{""}
	case w.err != nil:
		return w.err
	}
	return nil
}

// Run calls the function in a new child and returns when the child is gone.
// When ctx ends first, the child is terminated, and the error is a
// [StoppedError] with the cause of ctx, unless the function still succeeded.
func (w *Worker[In, Out]) Run(ctx context.Context, in In) (Out, error) {
	p, err := w.Start(ctx, in)
	if err != nil {
		var zero Out
		return zero, err
	}
	return p.Wait()
}

// Start calls the function in a new child and returns as soon as the child is
// ready to run it. The child is terminated when ctx ends.
func (w *Worker[In, Out]) Start(ctx context.Context, in In) (*Process[Out], error) {
	if err := w.usable(); err != nil {
		return nil, err
	}
	if _, err := program.ready(); err != nil {
		return nil, err
	}
	arg, err := encode(w.name, "argument", w.cfg.maxArg, in)
	if err != nil {
		return nil, err
	}
	c, err := startChild(ctx, w.cfg, w.name, modeOnce)
	if err != nil {
		return nil, err
	}
	p := &Process[Out]{c: c, done: make(chan struct{})}
	go p.run(ctx, arg)
	return p, nil
}

// A Process is one call in a child of its own. Its methods are safe for
// concurrent use.
type Process[Out any] struct {
	c    *child
	done chan struct{} // closed when out and err are set and the child is gone
	out  Out
	err  error
}

func (p *Process[Out]) run(ctx context.Context, arg []byte) {
	defer close(p.done)
	unhook := context.AfterFunc(ctx, func() { p.c.terminate(context.Cause(ctx)) })
	defer unhook()
	data, err := p.c.call(arg)
	p.c.finish()
	if err == nil {
		p.out, err = decode[Out](p.c.name, "result", data)
	}
	if err != nil {
		p.err = p.c.stopped(err)
	}
}

// Wait returns the result when the child is gone. It may be called more than
// once.
func (p *Process[Out]) Wait() (Out, error) {
	<-p.done
	return p.out, p.err
}

// Done is closed when the child is gone and Wait will not block.
func (p *Process[Out]) Done() <-chan struct{} { return p.done }

// Terminate asks the child to end: SIGTERM to its process group, and SIGKILL
// after the grace period. It returns at once; use Wait to see the end. Further
// calls do nothing.
func (p *Process[Out]) Terminate() { p.c.terminate(ErrTerminated) }

// Kill ends the child and its process group at once, with SIGKILL. It does not
// wait.
func (p *Process[Out]) Kill() { p.c.kill(ErrKilled) }

// PID returns the process id of the child.
func (p *Process[Out]) PID() int { return p.c.cmd.Process.Pid }

// State returns how the child ended. It is nil while the child is there, and if
// the program has reaped it in some other way, such as by ignoring SIGCHLD.
func (p *Process[Out]) State() *os.ProcessState { return p.c.state() }

package promote

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"sync"
)

// A registry holds the workers of a program and the part that this process
// plays. A program has one: Register runs in package-level variables, before
// anybody could hand it a registry, and a process is a child or it is not.
type registry struct {
	mu          sync.Mutex
	workers     map[string]handler
	errs        []error // of Register, in order
	initialised bool
	initErr     error
	depth       int // 0 in an ordinary program, 1 in its children
}

// handler is the child's side of a worker.
type handler struct {
	cfg    *config
	err    error // why the worker cannot be used
	call   func(ctx context.Context, arg []byte) ([]byte, error)
	stream func(ctx context.Context, io *childStream) error
}

func newRegistry() *registry { return &registry{workers: make(map[string]handler)} }

var program = newRegistry()

// Init makes a process that was started by this package the worker it was
// started for: it runs the worker and never returns. In every other process it
// returns at once. Call it first in main or TestMain, before flags are parsed
// and before anything else is started.
//
// The error joins every [RegisterError] of the program. It is a
// [HandshakeError] if the process was told to be a worker but cannot prove its
// parent. In both cases main should report it and end. Further calls return
// what the first one returned.
func Init() error { return program.init() }

func (r *registry) init() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.initialised || r.initErr != nil {
		return r.initErr
	}
	inherited, err := openInherited()
	if err != nil {
		r.initErr = &HandshakeError{err}
		return r.initErr
	}
	if inherited == nil {
		r.initialised = true
		r.initErr = errors.Join(r.errs...)
		return r.initErr
	}
	h, err := inherited.handshake()
	if err != nil {
		inherited.close()
		r.initErr = &HandshakeError{err}
		return r.initErr
	}
	r.initialised = true
	r.depth = h.Depth
	w := r.workers[h.Worker]
	r.mu.Unlock() // the worker may use other workers
	defer r.mu.Lock()
	inherited.serve(h, w) // does not return
	return nil
}

// add records the child's side of a worker. The returned error is also part of
// the result of Init.
func (r *registry) add(name string, h handler, in, out reflect.Type) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	reason := ""
	_, taken := r.workers[name]
	switch {
	case name == "":
		reason = "the name is empty"
	case len(name) > maxText:
		reason = "the name is too long"
	case taken:
		reason = "the name is taken"
	case r.initialised:
		reason = "registered after Init, where a child would not see it; use a package-level variable"
	default:
		if err := checkType(in); err != nil {
			reason = err.Error()
		} else if err := checkType(out); err != nil {
			reason = err.Error()
		}
	}
	if reason == "" {
		r.workers[name] = h
		return nil
	}
	h.err = &RegisterError{name, reason}
	r.errs = append(r.errs, h.err)
	if !taken {
		r.workers[name] = h
	}
	return h.err
}

// ready returns the depth of a new child, or why this process may not start
// one.
func (r *registry) ready() (depth int, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.initialised {
		if r.initErr != nil {
			return 0, fmt.Errorf("%w (%w)", ErrNotInitialised, r.initErr)
		}
		return 0, ErrNotInitialised
	}
	if r.depth >= maxDepth {
		return 0, ErrTooDeep
	}
	return r.depth + 1, nil
}

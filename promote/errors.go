package promote

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
)

var (
	// ErrNotInitialised is returned by Run and Start when [Init] has not
	// succeeded in this process.
	ErrNotInitialised = errors.New("promote: not initialised: call promote.Init first in main or TestMain")
	// ErrTerminated is the cause of a stop asked for by Terminate.
	ErrTerminated = errors.New("promote: terminated")
	// ErrKilled is the cause of a stop asked for by Kill.
	ErrKilled = errors.New("promote: killed")
	// ErrPoolClosed is returned by [Pool.Run] after [Pool.Close].
	ErrPoolClosed = errors.New("promote: pool is closed")
	// ErrTooDeep is returned when workers have started workers too many
	// levels deep.
	ErrTooDeep = errors.New("promote: workers nested too deep")
	// ErrElevated is the error of a program that has more rights than the
	// process that started it (set-user-id, set-group-id, file capabilities).
	// It becomes nobody's worker, so that as a rule it has none either.
	ErrElevated = errors.New("promote: a program with more rights than its caller is no worker")
	// ErrUnsupported is returned on systems other than Linux, darwin and
	// Windows.
	ErrUnsupported = fmt.Errorf("promote: child processes on this system: %w", errors.ErrUnsupported)
)

// A RegisterError says why a worker cannot be used: its name is empty or taken,
// a type cannot travel, or it was registered after [Init]. [Init] and every use
// of the worker return it.
type RegisterError struct {
	Worker string
	Reason string
}

func (e *RegisterError) Error() string {
	return fmt.Sprintf("promote: register %q: %s", e.Worker, e.Reason)
}

// An UnknownWorkerError means that the child has no worker of this name and
// kind. The worker was registered on a path that only the parent takes, or the
// Worker value did not come from Register.
type UnknownWorkerError struct{ Worker string }

func (e *UnknownWorkerError) Error() string {
	return fmt.Sprintf("promote: unknown worker %q", e.Worker)
}

// A HandshakeError is returned by [Init] in a process that was told to be a
// worker, but cannot prove that its parent is the same program and has the same
// rights. The parent, if it is one, gets it in a [StartError].
type HandshakeError struct{ Err error }

func (e *HandshakeError) Error() string {
	return "promote: told to be a worker, but the parent is not proved: " + e.Err.Error()
}

func (e *HandshakeError) Unwrap() error { return e.Err }

// A StartError means that the child could not be started, or ended or fell
// silent before it reached [Init].
type StartError struct {
	Worker string
	Err    error
}

func (e *StartError) Error() string {
	return fmt.Sprintf("promote: start %q: %v", e.Worker, e.Err)
}

func (e *StartError) Unwrap() error { return e.Err }

// A FuncError is an error that the worker's function returned. Only the text
// crosses the process border, and the identity of context.Canceled,
// context.DeadlineExceeded and the errors named by [SentinelErrors].
type FuncError struct {
	Worker  string
	Message string
	is      []error
}

func (e *FuncError) Error() string { return fmt.Sprintf("promote: %q: %s", e.Worker, e.Message) }

// Is reports whether the error in the child was target, for the errors whose
// identity crosses the border.
func (e *FuncError) Is(target error) bool { return slices.Contains(e.is, target) }

// A PanicError is a panic or a fatal run-time error in the child.
type PanicError struct {
	Worker string
	Value  string // the panic value as text
	Stack  string // the stack of the goroutine, or the crash output if the child died of it
}

func (e *PanicError) Error() string {
	return fmt.Sprintf("promote: %q: panic in the child: %s", e.Worker, e.Value)
}

// A KilledError means that a signal ended the child.
type KilledError struct {
	Worker string
	Signal os.Signal
}

func (e *KilledError) Error() string {
	return fmt.Sprintf("promote: %q: child ended by signal: %v", e.Worker, e.Signal)
}

// An ExitError means that the child exited before it had answered.
type ExitError struct {
	Worker string
	Code   int // exit status; -1 if it is not known
}

func (e *ExitError) Error() string {
	return fmt.Sprintf("promote: %q: child exited with status %d before it answered", e.Worker, e.Code)
}

// A StoppedError means that the child was asked to stop before it had
// answered. It unwraps to both fields.
type StoppedError struct {
	Worker string
	Cause  error // context.Cause, ErrTerminated or ErrKilled; an EncodeError or the like if a stream failed in the parent
	Err    error // how the child ended; nil if it was never started or ended well
}

func (e *StoppedError) Error() string {
	if e.Err == nil {
		return fmt.Sprintf("promote: %q: stopped: %v", e.Worker, e.Cause)
	}
	return fmt.Sprintf("promote: %q: stopped: %v (%v)", e.Worker, e.Cause, e.Err)
}

// Unwrap returns the cause and how the child ended.
func (e *StoppedError) Unwrap() []error {
	if e.Err == nil {
		return []error{e.Cause}
	}
	return []error{e.Cause, e.Err}
}

// An EncodeError means that a value cannot be encoded. What is "argument",
// "result" or "item".
type EncodeError struct {
	Worker string
	What   string
	Err    error
}

func (e *EncodeError) Error() string {
	return fmt.Sprintf("promote: %q: encode %s: %v", e.Worker, e.What, e.Err)
}

func (e *EncodeError) Unwrap() error { return e.Err }

// A DecodeError means that a value arrived but does not fit its type. What is
// "argument", "result" or "item".
type DecodeError struct {
	Worker string
	What   string
	Err    error
}

func (e *DecodeError) Error() string {
	return fmt.Sprintf("promote: %q: decode %s: %v", e.Worker, e.What, e.Err)
}

func (e *DecodeError) Unwrap() error { return e.Err }

// A SizeError means that an encoded value exceeds [MaxArgument] or
// [MaxResult]. Sizes are in bytes.
type SizeError struct {
	Worker string
	What   string // "argument", "result" or "item"
	Size   int
	Limit  int
}

func (e *SizeError) Error() string {
	return fmt.Sprintf("promote: %q: %s of %d bytes exceeds the limit of %d", e.Worker, e.What, e.Size, e.Limit)
}

// A ProtocolError means that the child wrote something else than an answer to
// the descriptor it inherited.
type ProtocolError struct {
	Worker string
	Reason string
}

func (e *ProtocolError) Error() string {
	return fmt.Sprintf("promote: %q: the child broke the protocol: %s", e.Worker, e.Reason)
}

// remoteError is the form in which an error of the child crosses the border.
type remoteError struct {
	Kind     string // func, encode, decode, size, register, unknown
	Message  string
	What     string `json:",omitempty"`
	Size     int    `json:",omitempty"`
	Limit    int    `json:",omitempty"`
	Sentinel []int  `json:",omitempty"` // indexes into sentinels(cfg)
}

// sentinels are the errors whose identity crosses the border.
func sentinels(cfg *config) []error {
	return append([]error{context.Canceled, context.DeadlineExceeded}, cfg.sentinels...)
}

// toRemote describes err, in the child.
func toRemote(cfg *config, err error) remoteError {
	switch e := err.(type) {
	case *EncodeError:
		return remoteError{Kind: "encode", What: e.What, Message: e.Err.Error()}
	case *DecodeError:
		return remoteError{Kind: "decode", What: e.What, Message: e.Err.Error()}
	case *SizeError:
		return remoteError{Kind: "size", What: e.What, Size: e.Size, Limit: e.Limit}
	case *RegisterError:
		return remoteError{Kind: "register", Message: e.Reason}
	case *UnknownWorkerError:
		return remoteError{Kind: "unknown"}
	case *childFuncError:
		r := remoteError{Kind: "func", Message: e.err.Error()}
		for i, s := range sentinels(cfg) {
			if errors.Is(e.err, s) {
				r.Sentinel = append(r.Sentinel, i)
			}
		}
		return r
	default:
		return remoteError{Kind: "func", Message: err.Error()}
	}
}

// toError turns the description back into an error, in the parent.
func (r remoteError) toError(cfg *config, worker string) error {
	switch r.Kind {
	case "encode":
		return &EncodeError{worker, r.What, errors.New(r.Message)}
	case "decode":
		return &DecodeError{worker, r.What, errors.New(r.Message)}
	case "size":
		return &SizeError{worker, r.What, r.Size, r.Limit}
	case "register":
		return &RegisterError{worker, r.Message}
	case "unknown":
		return &UnknownWorkerError{worker}
	case "func":
		e := &FuncError{Worker: worker, Message: r.Message}
		all := sentinels(cfg)
		for _, i := range r.Sentinel {
			if i >= 0 && i < len(all) {
				e.is = append(e.is, all[i])
			}
		}
		return e
	default:
		return &ProtocolError{worker, fmt.Sprintf("error of unknown kind %q", r.Kind)}
	}
}

// childFuncError marks, in the child, an error that the function returned, so
// that it is not mistaken for one of the types above.
type childFuncError struct{ err error }

func (e *childFuncError) Error() string { return e.err.Error() }

package promote

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"time"
)

// hintVariable tells Init which descriptors to look at. It proves nothing.
const hintVariable = "PROMOTE_DESCRIPTORS"

// inherited is what a child was born with.
type inherited struct {
	data  duplex   // frames
	life  *os.File // ends when the parent does; a byte on it asks the worker to stop
	crash *os.File // takes the output of a crash
}

// handshake makes the parent prove that it asked for a worker. The peer is
// known to be the parent: if the proof fails, it is told why.
func (in *inherited) handshake() (hello, error) {
	h, err := in.greeting()
	if err != nil {
		_ = writeFrame(in.data, frameRefusal, 0, []byte(clip(err.Error()))) // it may be gone
	}
	return h, err
}

// greeting waits for the parent's answer to a challenge as long as there is a
// parent. What the parent is must be true before the challenge and still be
// true after the answer: in between nobody but the parent could give it.
func (in *inherited) greeting() (hello, error) {
	if err := proveParent(); err != nil {
		return hello{}, err
	}
	fromParent, err := onlyParent(in.data.r)
	if err != nil {
		return hello{}, err
	}
	challenge := make([]byte, 32)
	if _, err := rand.Read(challenge); err != nil {
		return hello{}, err
	}
	if err := writeFrame(in.data, frameChallenge, 0, challenge); err != nil {
		return hello{}, fmt.Errorf("send the challenge: %w", err)
	}
	f, err := readFrame(fromParent, 0, maxControl)
	if err != nil {
		return hello{}, fmt.Errorf("read the answer: %w", err)
	}
	var h hello
	if f.kind != frameHello || json.Unmarshal(f.payload, &h) != nil {
		return hello{}, errors.New("the answer is not a greeting")
	}
	switch {
	case h.Protocol != protocol:
		return hello{}, fmt.Errorf("the peer speaks protocol %d, not %d", h.Protocol, protocol)
	case !bytes.Equal(h.Challenge, challenge):
		return hello{}, errors.New("the peer did not return the challenge")
	case h.PID != os.Getppid():
		return hello{}, fmt.Errorf("the peer is process %d, the parent is %d", h.PID, os.Getppid())
	}
	return h, proveParent()
}

func (in *inherited) close() {
	in.data.Close()
	in.life.Close()
	in.crash.Close()
}

// serve runs the worker and ends the process.
func (in *inherited) serve(h hello, w handler) {
	ctx, cancel := context.WithCancelCause(context.Background())
	go in.watchParent(cancel)
	term := make(chan os.Signal, 1)
	signal.Notify(term, stopSignals()...)
	go func() {
		<-term
		cancel(ErrTerminated)
	}()
	// Best effort: without it a crash is reported by its exit status only.
	_ = debug.SetCrashOutput(in.crash, debug.CrashOptions{})

	status := 0
	if err := in.work(ctx, h, w); err != nil {
		fmt.Fprintf(os.Stderr, "promote: worker %q: %v\n", h.Worker, err)
		status = 1
	}
	os.Exit(status)
}

// watchParent ends the process group when the parent has ended.
func (in *inherited) watchParent(cancel context.CancelCauseFunc) {
	var b [1]byte
	for {
		if _, err := in.life.Read(b[:]); err != nil {
			killOwnGroup()
			os.Exit(1)
		}
		cancel(ErrTerminated)
	}
}

// work answers calls until the parent closes the connection. Its error is of
// the connection, not of the worker.
func (in *inherited) work(ctx context.Context, h hello, w handler) error {
	switch {
	case w.err != nil:
		return in.sendError(w.cfg, 0, w.err)
	case h.Mode == modeStream && w.stream == nil, h.Mode != modeStream && w.call == nil:
		return in.sendError(newConfig(nil), 0, &UnknownWorkerError{h.Worker})
	}
	if err := writeFrame(in.data, frameReady, 0, nil); err != nil {
		return err
	}
	if h.Mode == modeStream {
		return in.workStream(ctx, h.First, w)
	}
	for number := h.First; ; number++ {
		f, err := in.nextCall(ctx, number, w.cfg.maxArg)
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		var result []byte
		err = protect(func() (err error) {
			result, err = w.call(ctx, f.payload)
			return err
		})
		if err == nil {
			err = writeFrame(in.data, frameResult, number, result)
		} else {
			err = in.sendError(w.cfg, number, err)
		}
		if err != nil || h.Mode == modeOnce {
			return err
		}
	}
}

// nextCall waits for the next call, or for the end of the connection or of ctx,
// which are io.EOF.
func (in *inherited) nextCall(ctx context.Context, number uint64, limit int) (frame, error) {
	stop := context.AfterFunc(ctx, func() {
		if in.data.r.SetReadDeadline(time.Unix(1, 0)) != nil { // a pipe on Windows
			in.data.Close()
		}
	})
	defer stop()
	f, err := readFrame(in.data, number, limit)
	if err != nil {
		if ctx.Err() != nil {
			return frame{}, io.EOF
		}
		return frame{}, err
	}
	if f.kind != frameCall {
		return frame{}, fmt.Errorf("unexpected frame %q", f.kind)
	}
	return f, nil
}

// sendError reports the failure of a call, or of a stream in the place of its
// next item.
func (in *inherited) sendError(cfg *config, number uint64, err error) error {
	if p, ok := err.(*caughtPanic); ok {
		return writeJSON(in.data, framePanic, number, remotePanic{clip(p.value), clip(p.stack)})
	}
	r := toRemote(cfg, err)
	r.Message = clip(r.Message)
	return writeJSON(in.data, frameError, number, r)
}

// clip shortens a text so that it fits into a control frame.
func clip(s string) string {
	if len(s) <= maxText {
		return s
	}
	return s[:maxText] + "... (shortened)"
}

// protect runs f in a goroutine of its own and turns a panic, or a
// runtime.Goexit, into a caughtPanic.
func protect(f func() error) error {
	done := make(chan error, 1)
	go func() {
		returned := false
		var err error
		defer func() {
			if !returned {
				value := "runtime.Goexit was called"
				if v := recover(); v != nil {
					value = describe(v)
				}
				err = &caughtPanic{value, string(debug.Stack())}
			}
			done <- err
		}()
		err = f()
		returned = true
	}()
	return <-done
}

// caughtPanic is a panic of the worker's function. It is not a PanicError, which
// the function may also return, from a worker of its own.
type caughtPanic struct{ value, stack string }

func (e *caughtPanic) Error() string { return e.value }

// describe turns a panic value into text, even if its own method panics.
func describe(v any) (s string) {
	defer func() {
		if recover() != nil {
			s = fmt.Sprintf("%T", v)
		}
	}()
	if err, ok := v.(error); ok {
		return err.Error()
	}
	return fmt.Sprint(v)
}

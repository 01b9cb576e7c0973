package promote

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"sync"
	"time"
)

// child is the parent's side of one child process. Its goroutines end when the
// process has ended.
type child struct {
	name  string
	cfg   *config
	cmd   *exec.Cmd
	group group
	data  duplex
	life  *os.File // the child dies when this is closed

	answers *tail  // what the child says on data
	next    uint64 // the number of the next call; of the caller who has the child

	out    outputs
	reaped chan struct{}    // closed when the process is gone and nothing below changes
	crash  crashText        // valid after reaped
	final  *os.ProcessState // valid after reaped; nil if somebody else has reaped the process

	mu         sync.Mutex
	exited     bool  // no signal may be sent any more
	cause      error // why a stop was asked for; the first one counts
	terminated bool
	killed     bool
	timer      *time.Timer   // kills after the grace period
	asked      chan struct{} // closed when cause is set
}

// startChild starts a child and brings it to the point where it waits for
// calls. The caller must see to it that the child ends and call close.
func startChild(ctx context.Context, cfg *config, worker, mode string) (*child, error) {
	depth, err := program.ready()
	if err != nil {
		return nil, err
	}
	if ctx.Err() != nil {
		return nil, &StoppedError{Worker: worker, Cause: context.Cause(ctx)}
	}
	c, err := spawn(cfg, worker)
	if err != nil {
		return nil, &StartError{worker, err}
	}
	unhook := context.AfterFunc(ctx, func() { c.terminate(context.Cause(ctx)) })
	defer unhook()
	if err := c.greet(mode, depth); err != nil {
		c.kill(nil)
		<-c.reaped
		c.data.Close()
		return nil, err
	}
	return c, nil
}

// spawn starts the process.
func spawn(cfg *config, worker string) (*child, error) {
	path, err := executable()
	if err != nil {
		return nil, err
	}
	data, childData, err := newDuplex()
	if err != nil {
		return nil, err
	}
	lifeR, lifeW, err := os.Pipe()
	if err != nil {
		closeAll(data, childData)
		return nil, err
	}
	crashR, crashW, err := os.Pipe()
	if err != nil {
		closeAll(data, childData, lifeR, lifeW)
		return nil, err
	}
	cmd := &exec.Cmd{Path: path, Args: os.Args[:min(1, len(os.Args))]}
	c := &child{
		name: worker, cfg: cfg, cmd: cmd, data: data, life: lifeW,
		answers: &tail{f: data.r}, next: rand.Uint64(),
		reaped: make(chan struct{}),
		crash:  crashText{tail: tail{f: crashR}, read: make(chan struct{})},
		asked:  make(chan struct{}),
	}
	err = c.connectOutputs()
	if err == nil {
		inherit(cmd, childData, lifeR, crashW)
		c.group.prepare(cmd)
		err = cmd.Start()
	}
	c.out.started()
	closeAll(childData, lifeR, crashW)
	if err != nil {
		c.out.wait()
		closeAll(data, lifeW, crashR)
		return nil, err
	}
	groupErr := c.group.adopt(cmd.Process)
	go c.readCrash()
	go c.monitor()
	if groupErr != nil {
		c.kill(nil)
		<-c.reaped
		c.data.Close()
		return nil, groupErr
	}
	return c, nil
}

func closeAll(files ...io.Closer) {
	for _, f := range files {
		f.Close()
	}
}

// connectOutputs gives the child its standard output and standard error.
func (c *child) connectOutputs() error {
	stdout, stderr := c.cfg.outputs()
	out, err := c.out.file(stdout)
	if err != nil {
		return err
	}
	c.cmd.Stdout, c.cmd.Stderr = out, out
	if same(stdout, stderr) {
		return nil
	}
	c.cmd.Stderr, err = c.out.file(stderr)
	return err
}

// monitor waits for the end of the process, kills what is left of its group,
// and only then reaps it: as long as the process is a zombie, its group's
// number cannot pass to somebody else.
func (c *child) monitor() {
	if !c.group.awaitExit(c.cmd.Process) {
		// Second best: between here and the kill the number could pass to
		// somebody else, if the whole group has ended. Without a state, it
		// was somebody else who reaped the process.
		c.final, _ = c.cmd.Process.Wait()
	}
	c.mu.Lock()
	c.group.kill()
	c.exited = true
	if c.timer != nil {
		c.timer.Stop()
	}
	c.mu.Unlock()
	c.group.reapRest()
	_ = c.cmd.Wait() // the error repeats the state
	if c.final == nil {
		c.final = c.cmd.ProcessState
	}
	c.group.release()
	c.life.Close()
	_ = c.data.w.SetWriteDeadline(time.Unix(1, 0)) // nobody reads it any more
	c.answers.childEnded()
	c.crash.tail.childEnded()
	c.out.wait()
	<-c.crash.read
	close(c.reaped)
}

// greet answers the child's challenge and waits until the worker is ready.
func (c *child) greet(mode string, depth int) error {
	spoken := patient(startPatience, func() { c.kill(nil) })
	defer spoken()
	f, err := readFrame(c.answers, 0, maxControl)
	if err != nil {
		return c.startError(err, "the child did not reach promote.Init, which must come first in main or TestMain: ")
	}
	if f.kind == frameChallenge {
		// If the child is gone the write fails, and so does the read.
		_ = writeJSON(c.data, frameHello, 0, hello{protocol, f.payload, os.Getpid(), c.name, mode, depth, c.next})
		if f, err = readFrame(c.answers, 0, maxControl); err != nil {
			return c.startError(err, "")
		}
	}
	switch f.kind {
	case frameReady:
		return nil
	case frameRefusal:
		return c.stopped(&StartError{c.name, &HandshakeError{errors.New(string(f.payload))}})
	}
	return c.stopped(c.answerError(f))
}

// startError explains why a child did not say what a child says. It waits for
// its end.
func (c *child) startError(err error, what string) error {
	switch err.(type) {
	case *strayFrame, *frameTooLarge:
		c.kill(nil)
		err = c.protocolError(err.Error())
	default:
		c.finish()
		err = c.failure()
		if reason := elevated(); reason != nil { // most likely the child has refused
			err = fmt.Errorf("%w (%w)", reason, err)
		}
	}
	return c.stopped(&StartError{c.name, fmt.Errorf("%s%w", what, err)})
}

// terminate asks the child to end and kills it after the grace period. cause
// may be nil.
func (c *child) terminate(cause error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.note(cause)
	if c.exited || c.terminated {
		return
	}
	c.terminated = true
	if c.cfg.grace <= 0 {
		c.group.kill()
		return
	}
	c.group.terminate(c.life)
	c.timer = time.AfterFunc(c.cfg.grace, func() { c.kill(nil) })
}

// kill ends the child and its group at once. cause may be nil.
func (c *child) kill(cause error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.killed = true
	c.note(cause)
	if !c.exited {
		c.group.kill()
	}
}

// note records the first cause. c.mu is held.
func (c *child) note(cause error) {
	if cause == nil || c.cause != nil {
		return
	}
	c.cause = cause
	close(c.asked)
}

// patience is how long an answer may wait for its receiver after a stop has
// been asked for.
func (c *child) patience() time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.killed {
		return 0
	}
	return min(c.cfg.grace/4, maxPatience)
}

// finish waits until a child that has answered is gone. A child that does not
// end by itself is killed after the grace period.
func (c *child) finish() {
	late := time.AfterFunc(max(c.cfg.grace, time.Second), func() { c.kill(nil) })
	<-c.reaped
	late.Stop()
	c.data.Close()
}

// failure says how a child ended that has not answered. It waits for the end.
func (c *child) failure() error {
	<-c.reaped
	switch signal, code := c.group.status(c.final); {
	case signal == nil && code == 0:
		return &ExitError{c.name, code}
	case c.crash.text != "":
		return c.crash.error(c.name)
	case signal != nil:
		return &KilledError{c.name, signal}
	default:
		return &ExitError{c.name, code}
	}
}

// stopped adds the cause of a stop, if one was asked for, to err.
func (c *child) stopped(err error) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.cause == nil {
		return err
	}
	return &StoppedError{c.name, c.cause, err}
}

// call sends one argument and waits for the answer. Its error is complete,
// except for the cause of a stop.
func (c *child) call(arg []byte) ([]byte, error) {
	number := c.next
	c.next++
	// If the child is gone the write fails, and the read finds out why.
	_ = writeFrame(c.data, frameCall, number, arg)
	f, err := readFrame(c.answers, number, c.cfg.maxResult)
	if err != nil {
		return nil, c.readError("result", err)
	}
	if f.kind != frameResult {
		return nil, c.answerError(f)
	}
	return f.payload, nil
}

// readError explains why no frame could be read. It waits for the end of the
// child, which has nothing more to say.
func (c *child) readError(what string, err error) error {
	switch e := err.(type) {
	case *frameTooLarge:
		c.kill(nil)
		<-c.reaped
		return &SizeError{c.name, what, e.size, e.limit}
	case *strayFrame:
		c.kill(nil)
		<-c.reaped
		return c.protocolError(e.Error())
	}
	c.finish()
	return c.failure()
}

func (c *child) protocolError(reason string) error { return &ProtocolError{c.name, reason} }

// answerError turns a frame that is not a value into an error.
func (c *child) answerError(f frame) error {
	switch f.kind {
	case frameError:
		var r remoteError
		if err := json.Unmarshal(f.payload, &r); err == nil {
			return r.toError(c.cfg, c.name)
		}
	case framePanic:
		var p remotePanic
		if err := json.Unmarshal(f.payload, &p); err == nil {
			return &PanicError{c.name, p.Value, p.Stack}
		}
	}
	c.kill(nil)
	return c.protocolError(fmt.Sprintf("unexpected frame %q", f.kind))
}

// idle reports whether a child that nobody uses is fit for a call: it is there
// and has said nothing that nobody asked for. If not, idle ends it.
func (c *child) idle() bool {
	if !c.gone() && waiting(c.answers.f) == 0 {
		return true
	}
	c.kill(nil)
	c.finish()
	return false
}

// gone reports whether the process has been reaped.
func (c *child) gone() bool {
	select {
	case <-c.reaped:
		return true
	default:
		return false
	}
}

// state returns how the child ended, or nil while it is there.
func (c *child) state() *os.ProcessState {
	if !c.gone() {
		return nil
	}
	return c.final
}

package lsp

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"time"
)

const (
	ownIDs        = `"killcheck:` // begins the ids of our own requests, as JSON
	goplsGrace    = 3 * time.Second
	restartWindow = 3 * time.Minute
	maxRestarts   = 5 // in restartWindow; then the editor's own policy decides
)

// A Proxy is a language server that passes everything to gopls and back, and
// adds our findings to what gopls says.
type Proxy struct {
	Config
	Gopls string   // the program
	Args  []string // its arguments
	In    io.Reader
	Out   io.Writer
}

// A session is one run of a proxy.
type session struct {
	core    *core
	program string
	args    []string
	out     *frameWriter
	pub     *publisher
	ended   chan int // the exit code; the first one counts
	orderly bool     // the editor has asked for shutdown; of the goroutine that handles its frames

	// sendMu is held while something is sent to gopls and taken into the core,
	// so that a gopls that starts anew is told each change exactly once.
	sendMu sync.Mutex
	child  *child // nil while there is none
	ready  bool   // it has been initialized, or is the first

	mu            sync.Mutex
	leaving       bool            // the editor has said exit, or is gone
	hello         json.RawMessage // the parameters of initialize
	initialized   bool
	configuration *frame                     // the last workspace/didChangeConfiguration
	calls         map[string]call            // requests of the editor without an answer, by id
	asked         map[string]string          // requests of gopls without an answer: method by id
	registered    map[string]string          // capabilities that gopls registered: method by id
	progress      map[string]json.RawMessage // progress that gopls has begun, by token
	requests      int                        // number of our own requests
	starts        []time.Time                // recent restarts
}

// A call is a request of the editor.
type call struct {
	id     json.RawMessage
	method string
	params documentParams // of those methods whose answer we complete
}

// Run serves until the editor leaves, and gives the exit code: that of gopls
// after an orderly exit, 1 if the editor vanished or sent what is no message,
// 2 if gopls cannot be started. No process that was started is left.
func (p *Proxy) Run(ctx context.Context) int {
	keepOnBrokenPipe()
	s := &session{
		core:       newCore(p.Config),
		program:    p.Gopls,
		args:       p.Args,
		out:        &frameWriter{w: p.Out},
		ended:      make(chan int, 1),
		calls:      make(map[string]call),
		asked:      make(map[string]string),
		registered: make(map[string]string),
		progress:   make(map[string]json.RawMessage),
	}
	s.pub = newPublisher(s.core, s.out)
	s.core.changed = s.pub.mark
	s.core.refresh = s.askAgain
	s.core.notice = func(text string) {
		s.toEditor(notification("window/showMessage", map[string]any{"type": severityWarning, "message": text}))
	}
	child, err := startChild(s.program, s.args)
	if err != nil {
		s.core.Log.Print(err)
		return 2
	}
	s.child, s.ready = child, true
	s.core.Log.Printf("gopls is %s, process %d", s.program, child.cmd.Process.Pid)

	go s.pub.run()
	go s.readEditor(p.In)
	go s.supervise(child)
	code := 1
	select {
	case code = <-s.ended:
	case <-ctx.Done():
		s.core.Log.Print("interrupted")
	}
	s.leave()
	return s.finish(code)
}

// finish ends the analyses and gopls. A negative code stands for that of gopls.
func (s *session) finish(code int) int {
	go s.core.shutdown()
	if c := s.current(); c != nil {
		c.stop(goplsGrace)
		if code < 0 {
			code = c.exitCode()
		}
	}
	s.core.shutdown()
	return max(code, 0)
}

func (s *session) end(code int) {
	select {
	case s.ended <- code:
	default: // it is ending already
	}
}

func (s *session) leave() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.leaving = true
}

func (s *session) isLeaving() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.leaving
}

// current gives the running child. It does not wait for a send, which may be
// stuck in a gopls that hangs.
func (s *session) current() *child {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.child
}

// readEditor takes in the frames of the editor. Reading goes on while gopls
// does not take its input, so that the end of the editor is seen even then.
func (s *session) readEditor(in io.Reader) {
	frames := newQueue(maxWaiting, maxWaitingBytes)
	handled := make(chan struct{})
	go func() {
		defer close(handled)
		for {
			f, ok := frames.take()
			if !ok {
				return
			}
			s.fromEditor(f)
		}
	}()
	r := newFrameReader(in)
	for {
		f, err := r.next()
		if err == nil {
			if frames.put(f) {
				continue
			}
			frames.close()
			s.overrun()
			return
		}
		frames.close()
		select {
		case <-handled:
		case <-time.After(goplsGrace):
		}
		var bad *frameError
		switch {
		case s.isLeaving():
			return // it said exit
		case errors.As(err, &bad):
			s.core.Log.Printf("the editor sent a %v; leaving", err)
		case err == io.EOF:
			s.core.Log.Print("the editor is gone without a word; leaving")
		default:
			s.core.Log.Printf("reading from the editor: %v; leaving", err)
		}
		s.end(1)
		return
	}
}

func (s *session) fromEditor(f frame) {
	var m message
	if err := json.Unmarshal(f.body, &m); err != nil {
		s.core.Log.Printf("the editor sent no JSON: %v: %q", err, clip(f.body))
		s.toEditor(failure(json.RawMessage("null"), codeParse, err.Error()))
		return
	}
	switch {
	case m.isRequest():
		s.request(f, &m)
	case m.isResponse():
		s.answered(f, &m)
	case m.Method == "exit":
		s.exit(f)
	default:
		s.notify(f, &m)
	}
}

// exit passes on that the editor leaves. A gopls that hangs may not take it.
func (s *session) exit(f frame) {
	s.leave()
	sent := make(chan bool, 1)
	go func() { sent <- s.send(f) }()
	taken := false
	select {
	case taken = <-sent:
	case <-time.After(time.Second):
	}
	switch {
	case taken:
		s.end(-1)
	case s.orderly:
		s.end(0)
	default:
		s.end(1)
	}
}

// request notes a request, so that it gets an answer even if gopls dies.
func (s *session) request(f frame, m *message) {
	c := call{id: m.ID, method: m.Method}
	switch m.Method {
	case "initialize":
		s.begin(m.Params)
	case "shutdown":
		s.orderly = true
	case "textDocument/codeAction", "textDocument/hover", "textDocument/diagnostic":
		if err := json.Unmarshal(m.Params, &c.params); err != nil {
			s.core.Log.Printf("%s: %v", m.Method, err)
			c.method = "" // gopls will say what is wrong with it
		}
	}
	if c.method == "textDocument/diagnostic" {
		s.core.notePull(pathOf(c.params.TextDocument.URI))
	}
	if !s.note(c) {
		s.toEditor(failure(m.ID, codeRequestFailed, fmt.Sprintf("gopls has not answered %d requests", maxCalls)))
		return
	}
	if !s.send(f) {
		if c, ok := s.take(m.ID); ok {
			s.answerAlone(c)
		}
	}
}

// begin takes over what the editor says of itself.
func (s *session) begin(params json.RawMessage) {
	i := s.core.initialize(params)
	s.mu.Lock()
	s.hello = params
	s.mu.Unlock()
	if i.ProcessID > 0 && alive(i.ProcessID) {
		go s.core.watchEditor(i.ProcessID, func() { s.end(1) })
	}
}

// take removes a call; whoever gets it answers it.
func (s *session) take(id json.RawMessage) (call, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, ok := s.calls[string(id)]
	delete(s.calls, string(id))
	return c, ok
}

// notify passes a notification on and takes in those that concern documents.
func (s *session) notify(f frame, m *message) {
	var p documentParams
	var err error
	s.sendMu.Lock()
	defer s.sendMu.Unlock()
	s.sendLocked(f)
	switch m.Method {
	case "textDocument/didOpen", "textDocument/didChange", "textDocument/didSave", "textDocument/didClose":
		if err = json.Unmarshal(m.Params, &p); err == nil {
			s.core.document(m.Method, &p)
		}
	case "workspace/didChangeWatchedFiles":
		s.core.diskChanged(watchedFiles(m.Params))
	case "workspace/didChangeConfiguration":
		s.mu.Lock()
		s.configuration = &f
		s.mu.Unlock()
	case "initialized":
		s.mu.Lock()
		s.initialized = true
		s.mu.Unlock()
	}
	if err != nil {
		s.core.Log.Printf("%s: %v", m.Method, err)
	}
}

// answered passes on the answer to a request of gopls. Answers to us and to a
// gopls that has died are dropped.
func (s *session) answered(f frame, m *message) {
	if strings.HasPrefix(string(m.ID), ownIDs) {
		return
	}
	s.mu.Lock()
	method, ok := s.asked[string(m.ID)]
	delete(s.asked, string(m.ID))
	s.mu.Unlock()
	if !ok {
		return
	}
	if method == "workspace/configuration" {
		s.core.goplsSettings(m.Result)
	}
	s.send(f)
}

// send passes a frame to gopls. It reports false if there is none to take it.
func (s *session) send(f frame) bool {
	s.sendMu.Lock()
	defer s.sendMu.Unlock()
	return s.sendLocked(f)
}

func (s *session) sendLocked(f frame) bool {
	c := s.current()
	if c == nil || !s.ready {
		return false
	}
	_, err := c.in.Write(f.raw)
	return err == nil
}

func (s *session) toEditor(f frame) {
	if err := s.out.write(f); err != nil && !s.isLeaving() {
		s.core.Log.Printf("writing to the editor: %v; leaving", err)
		s.end(1)
	}
}

// ask sends a request of our own; the answer does not matter.
func (s *session) ask(method string, params any) {
	s.mu.Lock()
	s.requests++
	id := fmt.Sprintf("killcheck:%d", s.requests)
	s.mu.Unlock()
	s.toEditor(request(id, method, params))
}

func (s *session) askAgain() {
	s.core.mu.Lock()
	wanted := s.core.features.refresh && len(s.core.pulled) > 0
	s.core.mu.Unlock()
	if wanted {
		s.ask("workspace/diagnostic/refresh", nil)
	}
}

// inProxy is set in the environment of gopls, whether it serves or runs a
// subcommand. A proxy that finds it set was started by another one in the place
// of gopls, and would start itself without end.
const inProxy = "KILLCHECK_IN_PROXY"

// InProxy reports whether this process was started by a proxy as its gopls.
func InProxy() bool { return os.Getenv(inProxy) != "" }

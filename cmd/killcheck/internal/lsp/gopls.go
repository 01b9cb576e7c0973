package lsp

import (
	"encoding/json"
	"time"
)

// supervise reads what gopls says, and starts it again when it dies.
func (s *session) supervise(c *child) {
	for n := 1; ; n++ {
		err := s.pump(c)
		if s.isLeaving() {
			return
		}
		if err != nil {
			s.core.Log.Printf("reading from gopls: %v", err)
		}
		c.stop(time.Second) // it may only have closed its output
		s.mu.Lock()
		begun := s.initialized
		s.mu.Unlock()
		if s.isLeaving() {
			return
		}
		if !begun {
			s.core.Log.Printf("gopls ended before it served: %s", c.cmd.ProcessState)
			s.end(-1)
			return
		}
		s.core.Log.Printf("gopls, process %d, ended: %s", c.cmd.Process.Pid, c.cmd.ProcessState)
		s.detach()
		if !s.mayRestart() {
			s.core.Log.Printf("gopls ended %d times in %s; leaving", maxRestarts+1, restartWindow)
			s.end(1)
			return
		}
		select {
		case <-s.core.closing:
			return
		case <-time.After(time.Duration(len(s.starts)) * 200 * time.Millisecond):
		}
		c, err = startChild(s.program, s.args)
		if err != nil {
			s.core.Log.Print(err)
			s.end(1)
			return
		}
		if !s.attach(c, n) {
			c.stop(goplsGrace)
			return
		}
		s.core.Log.Printf("gopls started again, process %d", c.cmd.Process.Pid)
	}
}

// pump passes on the frames of one gopls until it ends.
func (s *session) pump(c *child) error {
	for {
		f, err := c.out.next()
		if err != nil {
			select {
			case <-c.done:
				return nil // it is clear why the stream ends
			case <-time.After(100 * time.Millisecond):
				return err
			}
		}
		s.fromGopls(c, f)
	}
}

// detach settles everything that a dead gopls leaves open: requests without an
// answer, diagnostics, registrations, progress.
func (s *session) detach() {
	s.mu.Lock()
	s.child = nil
	calls, registered, progress := s.calls, s.registered, s.progress
	s.calls = make(map[string]call)
	s.registered = make(map[string]string)
	s.progress = make(map[string]json.RawMessage)
	s.asked = make(map[string]string)
	s.mu.Unlock()
	for _, c := range calls {
		s.answerAlone(c)
	}
	s.pub.forget()
	for _, token := range progress {
		s.toEditor(notification("$/progress", map[string]any{"token": token, "value": map[string]string{"kind": "end"}}))
	}
	var list []map[string]string
	for id, method := range registered {
		list = append(list, map[string]string{"id": id, "method": method})
	}
	if len(list) > 0 {
		// The protocol spells it so.
		s.ask("client/unregisterCapability", map[string]any{"unregisterations": list})
	}
}

func (s *session) mayRestart() bool {
	now := time.Now()
	var recent []time.Time
	for _, t := range s.starts {
		if now.Sub(t) < restartWindow {
			recent = append(recent, t)
		}
	}
	s.starts = append(recent, now)
	return len(recent) < maxRestarts
}

// attach puts a new gopls in the place of the dead one and initializes it as
// the editor did. It reports false if the editor has left meanwhile.
func (s *session) attach(c *child, n int) bool {
	s.sendMu.Lock()
	defer s.sendMu.Unlock()
	s.mu.Lock()
	if s.leaving {
		s.mu.Unlock()
		return false
	}
	s.child = c
	hello := s.hello
	s.mu.Unlock()
	s.ready = false
	_, _ = c.in.Write(request(replayID, "initialize", hello).raw) // if it fails, the pump sees it end
	return true
}

const replayID = "killcheck:initialize"

// replay tells a new gopls what the editor has told the old one.
func (s *session) replay(c *child) {
	s.sendMu.Lock()
	defer s.sendMu.Unlock()
	if s.current() != c {
		return
	}
	frames := []frame{notification("initialized", struct{}{})}
	s.mu.Lock()
	if s.configuration != nil {
		frames = append(frames, *s.configuration)
	}
	s.mu.Unlock()
	for _, doc := range s.core.documents() {
		frames = append(frames, notification("textDocument/didOpen", map[string]any{"textDocument": doc}))
	}
	for _, f := range frames {
		if _, err := c.in.Write(f.raw); err != nil {
			return // the pump sees it end
		}
	}
	s.ready = true
}

func (s *session) fromGopls(c *child, f frame) {
	var m message
	if err := json.Unmarshal(f.body, &m); err != nil {
		s.core.Log.Printf("gopls sent no JSON: %v: %q", err, clip(f.body))
		s.toEditor(f)
		return
	}
	switch {
	case string(m.ID) == `"`+replayID+`"`:
		// A goroutine: gopls may have to be read before it takes all of it.
		go s.replay(c)
	case m.isResponse():
		s.complete(f, &m)
	case m.Method == "textDocument/publishDiagnostics":
		if err := s.pub.pass(f, m.Params); err != nil && !s.isLeaving() {
			s.core.Log.Printf("writing to the editor: %v; leaving", err)
			s.end(1)
		}
	default:
		s.noteFromGopls(&m)
		s.toEditor(f)
	}
}

// noteFromGopls keeps what has to be settled should gopls die.
func (s *session) noteFromGopls(m *message) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if m.isRequest() {
		s.asked[string(m.ID)] = m.Method
	}
	var p struct {
		Registrations []struct{ ID, Method string } `json:"registrations"`
		Token         json.RawMessage               `json:"token"`
		Value         struct {
			Kind string `json:"kind"`
		} `json:"value"`
	}
	switch m.Method {
	case "client/registerCapability", "$/progress":
	default:
		return
	}
	if err := json.Unmarshal(m.Params, &p); err != nil {
		return // then the editor will complain, too
	}
	for _, r := range p.Registrations {
		s.registered[r.ID] = r.Method
	}
	switch p.Value.Kind {
	case "begin":
		s.progress[string(p.Token)] = p.Token
	case "end":
		delete(s.progress, string(p.Token))
	}
}

// complete passes on the answer of gopls, with our part where there is one.
func (s *session) complete(f frame, m *message) {
	c, ok := s.take(m.ID)
	if !ok {
		s.toEditor(f)
		return
	}
	var merged any
	add := false
	switch c.method {
	case "textDocument/codeAction":
		merged, add = addActions(s.core.actions(c.params), m.Result)
	case "textDocument/hover":
		merged, add = s.core.hover(s.core.explain(c.params), m.Result)
	case "textDocument/diagnostic":
		merged, add = s.core.pull(c.params.TextDocument.URI, m.Result)
	}
	if add {
		s.toEditor(response(m.ID, merged))
		return
	}
	s.toEditor(f)
}

// answerAlone answers a request that gopls cannot answer any more.
func (s *session) answerAlone(c call) {
	switch c.method {
	case "textDocument/codeAction":
		if actions := s.core.actions(c.params); actions != nil {
			s.toEditor(response(c.id, actions))
			return
		}
	case "textDocument/hover":
		if merged, ok := s.core.hover(s.core.explain(c.params), nil); ok {
			s.toEditor(response(c.id, merged))
			return
		}
	case "shutdown":
		s.toEditor(response(c.id, nil))
		return
	}
	s.toEditor(failure(c.id, codeRequestFailed, "gopls has ended and is started again; ask later"))
}

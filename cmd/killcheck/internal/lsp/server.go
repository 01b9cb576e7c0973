package lsp

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"time"
)

// A Server is a language server of its own, for editors that run several: it
// publishes findings, offers their fixes and explains them in hovers.
type Server struct {
	Config
	Version string
	In      io.Reader
	Out     io.Writer
}

// A service is one run of a server.
type service struct {
	core    *core
	version string
	out     *frameWriter
	pub     *publisher
	phase   phase
	ended   chan int
}

type phase int

const (
	fresh phase = iota
	serving
	stopped // shutdown was asked for
)

// Run serves until the editor leaves. The exit code is 0 after shutdown and
// exit, and 1 otherwise. No process that was started is left.
func (s *Server) Run(ctx context.Context) int {
	keepOnBrokenPipe()
	v := &service{
		core:    newCore(s.Config),
		version: s.Version,
		out:     &frameWriter{w: s.Out},
		ended:   make(chan int, 2),
	}
	v.pub = newPublisher(v.core, v.out)
	v.core.changed = v.pub.mark
	v.core.notice = func(text string) {
		v.send(notification("window/showMessage", map[string]any{"type": severityWarning, "message": text}))
	}
	go v.pub.run()
	go v.read(s.In)
	code := 1
	select {
	case code = <-v.ended:
	case <-ctx.Done():
		v.core.Log.Print("interrupted")
	}
	v.core.shutdown()
	return code
}

func (v *service) end(code int) {
	select {
	case v.ended <- code:
	default: // it is ending already
	}
}

func (v *service) read(in io.Reader) {
	r := newFrameReader(in)
	for {
		f, err := r.next()
		if err != nil {
			var bad *frameError
			if errors.As(err, &bad) {
				v.core.Log.Printf("the editor sent a %v; leaving", err)
			} else {
				v.core.Log.Printf("the editor is gone without a word (%v); leaving", err)
			}
			v.end(1)
			return
		}
		var m message
		if err := json.Unmarshal(f.body, &m); err != nil {
			v.core.Log.Printf("the editor sent no JSON: %v: %q", err, clip(f.body))
			v.send(failure(json.RawMessage("null"), codeParse, err.Error()))
			continue
		}
		switch {
		case m.isRequest():
			v.send(v.answer(&m))
		case m.Method == "exit":
			if v.phase == stopped {
				v.end(0)
			} else {
				v.end(1)
			}
			return
		case v.phase == serving && m.Method != "":
			v.notify(&m)
		}
	}
}

func (v *service) send(f frame) {
	if err := v.out.write(f); err != nil {
		v.core.Log.Printf("writing to the editor: %v; leaving", err)
		v.end(1)
	}
}

func (v *service) answer(m *message) frame {
	switch {
	case m.Method == "initialize" && v.phase == fresh:
		v.phase = serving
		return response(m.ID, v.initialize(m.Params))
	case v.phase == fresh:
		return failure(m.ID, codeNotInitialized, "not initialized")
	case v.phase == stopped || m.Method == "initialize":
		return failure(m.ID, codeInvalidRequest, m.Method+" is not allowed now")
	case m.Method == "shutdown":
		v.phase = stopped
		return response(m.ID, nil)
	}
	var p documentParams
	if err := json.Unmarshal(m.Params, &p); len(m.Params) > 0 && err != nil {
		return failure(m.ID, codeInvalidParams, err.Error())
	}
	switch m.Method {
	case "textDocument/codeAction":
		actions := v.core.actions(p)
		if actions == nil {
			actions = []codeAction{}
		}
		return response(m.ID, actions)
	case "textDocument/hover":
		if merged, ok := v.core.hover(v.core.explain(p), nil); ok {
			return response(m.ID, merged)
		}
		return response(m.ID, nil)
	}
	return failure(m.ID, codeUnknownMethod, "killcheck does not know "+m.Method)
}

func (v *service) initialize(params json.RawMessage) any {
	p := v.core.initialize(params)
	if p.ProcessID > 0 && alive(p.ProcessID) {
		go v.core.watchEditor(p.ProcessID, func() { v.end(1) })
	}
	return map[string]any{
		"capabilities": map[string]any{
			"positionEncoding": "utf-16",
			"textDocumentSync": map[string]any{
				"openClose": true,
				"change":    2, // incremental
				"save":      map[string]any{"includeText": false},
			},
			"codeActionProvider": map[string]any{"codeActionKinds": []string{quickFix}},
			"hoverProvider":      p.Options.Hover == nil || *p.Options.Hover,
		},
		"serverInfo": map[string]string{"name": "killcheck", "version": v.version},
	}
}

func (v *service) notify(m *message) {
	switch m.Method {
	case "textDocument/didOpen", "textDocument/didChange", "textDocument/didSave", "textDocument/didClose":
		var p documentParams
		if err := json.Unmarshal(m.Params, &p); err != nil {
			v.core.Log.Printf("%s: %v", m.Method, err)
			return
		}
		v.core.document(m.Method, &p)
	case "workspace/didChangeWatchedFiles":
		v.core.diskChanged(watchedFiles(m.Params))
	}
}

// watchEditor calls gone when the editor's process has ended, which a pipe that
// another process holds open would not show.
func (c *core) watchEditor(pid int, gone func()) {
	tick := time.NewTicker(5 * time.Second)
	defer tick.Stop()
	for {
		select {
		case <-c.closing:
			return
		case <-tick.C:
		}
		if !alive(pid) {
			c.Log.Printf("the editor, process %d, is gone; leaving", pid)
			gone()
			return
		}
	}
}

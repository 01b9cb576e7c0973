package lsp

import (
	"encoding/json"
	"sync"
)

// A publisher sends diagnostics from a goroutine of its own, so that taking in
// an edit never waits for an editor that does not read.
type publisher struct {
	core *core
	out  *frameWriter

	sending sync.Mutex // held from reading the state to sending it, so that none is overtaken

	mu    sync.Mutex
	dirty map[string]bool
	wake  chan struct{}
}

func newPublisher(c *core, out *frameWriter) *publisher {
	return &publisher{core: c, out: out, dirty: make(map[string]bool), wake: make(chan struct{}, 1)}
}

// mark notes that the diagnostics of files have changed.
func (p *publisher) mark(paths []string) {
	p.mu.Lock()
	for _, path := range paths {
		p.dirty[path] = true
	}
	p.mu.Unlock()
	select {
	case p.wake <- struct{}{}:
	default: // it is awake
	}
}

// run publishes until the core closes or the editor is gone.
func (p *publisher) run() {
	for {
		select {
		case <-p.core.closing:
			return
		case <-p.wake:
		}
		p.mu.Lock()
		dirty := p.dirty
		p.dirty = make(map[string]bool)
		p.mu.Unlock()
		for path := range dirty {
			if err := p.publish(path); err != nil {
				p.core.Log.Printf("the editor does not take diagnostics: %v", err)
				return
			}
		}
	}
}

func (p *publisher) publish(path string) error {
	p.sending.Lock()
	defer p.sending.Unlock()
	params, ok := p.core.merged(path)
	if !ok {
		return nil
	}
	return p.out.write(notification("textDocument/publishDiagnostics", params))
}

// pass takes in what gopls publishes. The frame goes on as it is, unless there
// is something of ours to add.
func (p *publisher) pass(f frame, params json.RawMessage) error {
	p.sending.Lock()
	defer p.sending.Unlock()
	g, err := newPublished(params)
	if err != nil {
		p.core.Log.Printf("gopls published diagnostics that cannot be read: %v", err)
		return p.out.write(f)
	}
	path := pathOf(g.uri)
	if path == "" {
		return p.out.write(f)
	}
	p.core.mu.Lock()
	p.core.gopls[path] = g
	p.core.mu.Unlock()
	if params, ok := p.core.merged(path); ok {
		return p.out.write(notification("textDocument/publishDiagnostics", params))
	}
	return p.out.write(f)
}

// forget withdraws all that gopls has published.
func (p *publisher) forget() {
	p.core.mu.Lock()
	var paths []string
	for path := range p.core.gopls {
		p.core.shown[path] = true
		paths = append(paths, path)
	}
	clear(p.core.gopls)
	p.core.mu.Unlock()
	p.mark(paths)
}

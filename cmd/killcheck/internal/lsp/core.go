package lsp

import (
	"io"
	"log"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/killcheck/killcheck/cmd/killcheck/internal/config"
	"github.com/killcheck/killcheck/internal/plain"
)

// Config is what both fronts need.
type Config struct {
	Backend Backend
	Explain func(check string) string // the documentation of a check in Markdown, or ""
	Link    func(check string) string // the address of its page, or ""
	// Ignorable reports whether a comment can hide findings of a check. Without it no
	// such comments are offered.
	Ignorable func(check string) bool
	Log       *log.Logger // what happened, in sentences; nil drops it

	OpenDelay   time.Duration // from opening a document to the analysis
	ChangeDelay time.Duration // from the last unsaved edit
	SaveDelay   time.Duration // from saving; an editor may save several files at once
}

// withDefaults fills in what a Config leaves open.
func (c Config) withDefaults() Config {
	if c.Log == nil {
		c.Log = log.New(io.Discard, "", 0)
	}
	if c.Explain == nil {
		c.Explain = func(string) string { return "" }
	}
	if c.Link == nil {
		c.Link = func(string) string { return "" }
	}
	if c.OpenDelay == 0 {
		c.OpenDelay = 50 * time.Millisecond
	}
	if c.ChangeDelay == 0 {
		c.ChangeDelay = 500 * time.Millisecond
	}
	if c.SaveDelay == 0 {
		c.SaveDelay = 100 * time.Millisecond
	}
	return c
}

// A core knows the open documents, the findings, and what gopls published.
// Methods may be called by several goroutines.
type core struct {
	Config
	changed func(paths []string) // diagnostics of these files are no longer as published
	refresh func()               // an editor that asks for diagnostics should ask again
	notice  func(text string)    // something that the user must know
	runs    chan struct{}        // one token for each analysis that may run
	closing chan struct{}        // closed by shutdown
	work    sync.WaitGroup       // the analyses that run

	mu       sync.Mutex
	closed   bool
	features features
	docs     map[string]*document // by file name
	own      map[string][]*placed // by file name
	gopls    map[string]*published
	shown    map[string]bool // files for which findings of ours were last published
	pulled   map[string]bool // files whose diagnostics the editor asks for
	jobs     map[string]*job // by package directory
	told     map[string]bool // notices that the user has seen
	flags    []string        // build flags of the editor's settings
	env      []string
}

// features are the abilities of the editor that matter here.
type features struct {
	related         bool // shows related information
	documentChanges bool // takes versioned edits
	snippets        bool // and such with placeholders
	markdown        bool // shows Markdown in hovers
	refresh         bool // asks again for diagnostics when told to
}

func newCore(cfg Config) *core {
	return &core{
		Config:  cfg.withDefaults(),
		changed: func([]string) {},
		refresh: func() {},
		notice:  func(string) {},
		runs:    make(chan struct{}, 2),
		closing: make(chan struct{}),
		docs:    make(map[string]*document),
		own:     make(map[string][]*placed),
		gopls:   make(map[string]*published),
		shown:   make(map[string]bool),
		pulled:  make(map[string]bool),
		jobs:    make(map[string]*job),
		told:    make(map[string]bool),
	}
}

// open takes in a document that the editor has opened.
func (c *core) open(t textDocument) {
	path := pathOf(t.URI)
	if path == "" {
		return
	}
	c.mu.Lock()
	doc := &document{uri: t.URI, path: path, language: t.LanguageID, version: t.Version, text: t.Text}
	c.docs[path] = doc
	dropped := c.bound(doc)
	c.mu.Unlock()
	if dropped != "" {
		c.tell(dropped)
	}
	c.schedule(path, c.OpenDelay)
}

// change takes in edits and moves what is known of the document with them.
func (c *core) change(t textDocument, changes []contentChange) {
	path := pathOf(t.URI)
	c.mu.Lock()
	doc := c.docs[path]
	if doc == nil {
		c.mu.Unlock()
		return
	}
	edits, whole := doc.apply(t.Version, changes)
	moved := c.shift(path, edits, whole)
	dropped := c.bound(doc)
	c.mu.Unlock()
	if dropped != "" {
		c.tell(dropped)
	}
	if len(moved) > 0 {
		c.changed(moved)
	}
	c.scheduleEdit(path)
}

// save takes in that a file was written.
func (c *core) save(uri string) {
	path := pathOf(uri)
	if concernsAll(path) {
		c.scheduleAll(c.SaveDelay, "")
		return
	}
	if !strings.HasSuffix(path, ".go") {
		return
	}
	c.schedule(path, c.SaveDelay)
	// What a package says of its functions may acquit those that import it.
	c.scheduleAll(c.SaveDelay+2*time.Second, filepath.Dir(path))
}

// concernsAll reports whether a file decides what there is in every package, or how
// it is looked at.
func concernsAll(path string) bool {
	switch filepath.Base(path) {
	case "go.mod", "go.sum", "go.work", config.Name:
		return true
	}
	return false
}

// scheduleAll plans an analysis of every package with an open document, except
// the one in a directory.
func (c *core) scheduleAll(delay time.Duration, except string) {
	for _, p := range c.openPaths() {
		if filepath.Dir(p) != except {
			c.schedule(p, delay)
		}
	}
}

// closeDocument forgets a document. The findings of a package stay as long as one of
// its files is open.
func (c *core) closeDocument(uri string) {
	path := pathOf(uri)
	dir := filepath.Dir(path)
	c.mu.Lock()
	delete(c.docs, path)
	delete(c.pulled, path)
	last := true
	for p := range c.docs {
		last = last && filepath.Dir(p) != dir
	}
	var gone []string
	if last {
		c.cancel(dir)
		for p := range c.own {
			if filepath.Dir(p) == dir {
				delete(c.own, p)
				gone = append(gone, p)
			}
		}
	}
	c.mu.Unlock()
	if last {
		c.changed(gone)
	} else {
		c.schedule(path, c.OpenDelay) // the text on the disk counts again
	}
}

// diskChanged takes in that files were changed, perhaps by somebody else. Those
// that are open do not matter: the editor tells itself what is in them.
func (c *core) diskChanged(uris []string) {
	open := c.openPaths()
	dirs := make(map[string]bool)
	for _, uri := range uris {
		path := pathOf(uri)
		switch {
		case slices.Contains(open, path):
		case concernsAll(path):
			c.scheduleAll(3*c.SaveDelay, "")
			return
		default:
			dirs[filepath.Dir(path)] = true
		}
	}
	for _, p := range open {
		if dirs[filepath.Dir(p)] {
			c.schedule(p, 3*c.SaveDelay)
		}
	}
}

func (c *core) openPaths() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	var paths []string
	for p := range c.docs {
		paths = append(paths, p)
	}
	return paths
}

func (c *core) configure(f features) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.features = f
}

// buildSettings takes over the build flags and environment that gopls was given.
func (c *core) buildSettings(flags, env []string) {
	c.mu.Lock()
	same := slices.Equal(c.flags, flags) && slices.Equal(c.env, env)
	c.flags, c.env = flags, env
	c.mu.Unlock()
	if !same {
		c.scheduleAll(c.OpenDelay, "")
	}
}

// tell shows a text to the user, once.
func (c *core) tell(text string) {
	c.mu.Lock()
	known := c.told[text]
	c.told[text] = true
	c.mu.Unlock()
	if !known {
		c.notice(plain.Text(text))
	}
}

// uri gives the name that the editor, or else gopls, uses for a file.
func (c *core) uri(path string) string {
	if doc := c.docs[path]; doc != nil {
		return doc.uri
	}
	if p := c.gopls[path]; p != nil {
		return p.uri
	}
	return uriOf(path)
}

// shutdown cancels every analysis and waits until its processes have ended.
func (c *core) shutdown() {
	c.mu.Lock()
	if !c.closed {
		c.closed = true
		close(c.closing)
	}
	for dir := range c.jobs {
		c.cancel(dir)
	}
	c.mu.Unlock()
	c.work.Wait()
}

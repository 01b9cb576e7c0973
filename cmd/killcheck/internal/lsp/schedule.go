package lsp

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// A job is the next or the running analysis of one package directory.
type job struct {
	timer *time.Timer
	due   time.Time
	stop  context.CancelFunc // nil while the job waits for its time
}

// schedule plans an analysis of the package of a file. A run that is under way
// saw an older text: it is cancelled. Of two plans the earlier one holds, except
// that a further edit puts off a plan that an edit made.
func (c *core) schedule(path string, delay time.Duration) {
	if !strings.HasSuffix(path, ".go") {
		return
	}
	dir := filepath.Dir(path)
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return
	}
	due := time.Now().Add(delay)
	if old := c.jobs[dir]; old != nil && old.stop == nil && delay != c.ChangeDelay && old.due.Before(due) {
		return
	}
	c.cancel(dir)
	j := &job{due: due}
	j.timer = time.AfterFunc(delay, func() { c.start(dir, j) })
	c.jobs[dir] = j
}

// cancel ends the job of a directory. The caller holds c.mu.
func (c *core) cancel(dir string) {
	j := c.jobs[dir]
	if j == nil {
		return
	}
	j.timer.Stop()
	if j.stop != nil {
		j.stop()
	}
	delete(c.jobs, dir)
}

// start runs a job whose time has come, unless it was replaced.
func (c *core) start(dir string, j *job) {
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	c.mu.Lock()
	if c.closed || c.jobs[dir] != j {
		c.mu.Unlock()
		return
	}
	j.stop = stop
	c.work.Add(1)
	c.mu.Unlock()
	defer c.work.Done()

	select {
	case c.runs <- struct{}{}:
		defer func() { <-c.runs }()
	case <-ctx.Done():
		return
	}
	c.analyze(ctx, dir, j)
}

// analyze runs the back end and takes in what it finds.
func (c *core) analyze(ctx context.Context, dir string, j *job) {
	req, texts := c.snapshot(dir)
	began := time.Now()
	findings, err := c.Backend.Analyze(ctx, req)
	if ctx.Err() != nil {
		return // superseded, or the editor has left
	}
	var notice *Notice
	switch {
	case errors.As(err, &notice):
		c.Log.Print(notice.Text)
		c.tell(notice.Text)
	case err != nil:
		// Mostly code that does not compile yet, which gopls reports itself.
		c.Log.Printf("%s was not analyzed: %v", dir, err)
	default:
		c.Log.Printf("%s analyzed in %d ms: %d findings", dir, time.Since(began).Milliseconds(), len(findings))
	}

	c.mu.Lock()
	if c.jobs[dir] != j {
		c.mu.Unlock()
		return
	}
	delete(c.jobs, dir)
	if err != nil {
		c.mu.Unlock()
		return // what was known stays, moved with the text
	}
	paths := c.replace(dir, c.place(findings, texts))
	for path, text := range texts {
		if doc := c.docs[path]; doc == nil || doc.text != text {
			c.dropFixes(path)
		}
	}
	c.mu.Unlock()
	c.changed(paths)
	c.refresh()
}

// snapshot collects what a run is about: texts holds every open document, the
// request those that differ from the disk.
func (c *core) snapshot(dir string) (req Request, texts map[string]string) {
	texts = make(map[string]string)
	c.mu.Lock()
	for path, doc := range c.docs {
		texts[path] = doc.text
	}
	req = Request{Dir: dir, Overlay: make(map[string]string), Flags: c.flags, Env: c.env}
	c.mu.Unlock()
	for path, text := range texts {
		if ext := filepath.Ext(path); ext != ".go" && ext != ".mod" {
			continue // nothing else that is unsaved changes what a package means
		}
		if disk, err := os.ReadFile(path); err != nil || string(disk) != text {
			req.Overlay[path] = text
		}
	}
	return req, texts
}

package lsp

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/killcheck/killcheck/cmd/killcheck/internal/finding"
	"github.com/killcheck/killcheck/internal/regular"
)

// bigTests is the size, in bytes, from which the tests of a package are analyzed
// after the rest: they may take much longer.
const bigTests = 256 << 10

// A job is the next or the running analysis of one package directory.
type job struct {
	timer *time.Timer
	due   time.Time
	tests bool               // analyze the tests, even big ones
	stop  context.CancelFunc // nil while the job waits for its time
}

// schedule plans an analysis of the package of a file. A run that is under way
// saw an older text: it is cancelled. Of two plans the earlier one holds.
func (c *core) schedule(path string, delay time.Duration) { c.plan(path, delay, false) }

// scheduleEdit does the same for an unsaved edit. The plan of an earlier edit
// is put off, and big tests wait for the file to be saved unless the edit is in
// one of them.
func (c *core) scheduleEdit(path string) { c.plan(path, c.ChangeDelay, true) }

func (c *core) plan(path string, delay time.Duration, edited bool) {
	if !strings.HasSuffix(path, ".go") {
		return
	}
	dir := filepath.Dir(path)
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return
	}
	j := &job{due: time.Now().Add(delay), tests: !edited || strings.HasSuffix(path, "_test.go")}
	if old := c.jobs[dir]; old != nil {
		if old.stop == nil && !edited && old.due.Before(j.due) {
			old.tests = true
			return
		}
		j.tests = j.tests || old.tests // what it should have done is still to be done
	}
	c.cancel(dir)
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

// analyze runs the back end and takes in what it finds. Where the tests are big
// it runs twice, first without them.
func (c *core) analyze(ctx context.Context, dir string, j *job) {
	req, texts := c.snapshot(dir)
	if tests := bigTestFiles(dir); len(tests) > 0 {
		quick := req
		quick.Hidden = tests
		if c.run(ctx, quick, j, texts) == finished {
			return
		}
	}
	if c.run(ctx, req, j, texts) == failed {
		c.mu.Lock()
		defer c.mu.Unlock()
		if c.jobs[dir] == j {
			delete(c.jobs, dir)
		}
	}
}

// An outcome says how far a run has brought its job.
type outcome int

const (
	failed   outcome = iota // nothing is known, or nobody wants to know any more
	partial                 // the big tests are still to be analyzed
	finished                // the job is done and gone
)

// run does one analysis of a job. If it fails, what was known stays, moved with
// the text.
func (c *core) run(ctx context.Context, req Request, j *job, texts map[string]string) outcome {
	began := time.Now()
	findings, err := c.Backend.Analyze(ctx, req)
	if ctx.Err() != nil {
		return failed // superseded, or the editor has left
	}
	what := req.Dir
	if len(req.Hidden) > 0 {
		what += " without its tests"
	}
	if err != nil {
		// Mostly code that does not compile yet, which gopls reports itself.
		c.Log.Printf("%s was not analyzed: %v", what, err)
		var notice *Notice
		if errors.As(err, &notice) {
			c.tell(notice.Text)
		}
		return failed
	}
	c.Log.Printf("%s analyzed in %d ms: %d findings", what, time.Since(began).Milliseconds(), len(findings))
	placed := c.place(req.Dir, findings, texts)

	c.mu.Lock()
	if c.jobs[req.Dir] != j {
		c.mu.Unlock()
		return failed
	}
	paths := c.replace(req, placed)
	for path, text := range texts {
		if doc := c.docs[path]; doc == nil || doc.text != text {
			c.dropFixes(path)
		}
	}
	result := partial
	if len(req.Hidden) == 0 || !j.tests {
		result = finished
		delete(c.jobs, req.Dir)
	}
	c.mu.Unlock()
	c.changed(paths)
	c.refresh()
	return result
}

// bigTestFiles gives the test files of a directory if they are big and there is
// something else.
func bigTestFiles(dir string) []string {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil // the run will say so
	}
	var tests []string
	var size int64
	others := false
	for _, entry := range entries {
		name := entry.Name()
		if !strings.HasSuffix(name, "_test.go") {
			others = others || strings.HasSuffix(name, ".go")
			continue
		}
		tests = append(tests, filepath.Join(dir, name))
		if info, err := entry.Info(); err == nil {
			size += info.Size()
		}
	}
	if !others || size < bigTests {
		return nil
	}
	return tests
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
		if disk, err := regular.ReadFile(path, finding.MaxSource); err != nil || string(disk) != text {
			req.Overlay[path] = text
		}
	}
	return req, texts
}

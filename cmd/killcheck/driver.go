package main

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/killcheck/killcheck/analyzer/kb"
	"github.com/killcheck/killcheck/cmd/killcheck/internal/config"
	"github.com/killcheck/killcheck/cmd/killcheck/internal/finding"
	"github.com/killcheck/killcheck/cmd/killcheck/internal/shard"
	"github.com/killcheck/killcheck/cmd/killcheck/internal/vetjson"
)

// A request says what a driver is to analyse.
type request struct {
	*workspace
	suite    suite
	configs  *config.Set
	wanted   config.Overrides // what flags say of checks and tests
	extended bool             // find what is less certain, too
	census   bool             // list every goroutine
	explain  bool             // explain every wait
	rows     string           // more rows for the knowledge base
	shard    shard.Shard      // analyse only the packages of this shard
	since    string           // the hash of a revision: only packages that can have other findings than it; empty for all
	affected map[string]bool  // those packages; nil if it may be all of them
	history  *history         // of that revision; nil with the former
	packages []pkg
	progress *progress
	log      func(format string, args ...any) // for verbose mode
}

// An outcome is what a driver found.
type outcome struct {
	findings   []finding.Finding
	goroutines []finding.Finding // if the request asks for a census
	explained  []finding.Finding // if it asks for explanations
	problems   []problem
	internal   []string        // failures inside killcheck that lost some findings
	analysed   finding.Listing // the files
	own        finding.Listing // those of them that belong to the modules that are worked on
	packages   int             // how many were analysed
	run        string          // what all shards of a run have in common
}

// A problem is a package that could not be analysed.
type problem struct {
	pkg    string
	reason string // may have several lines
}

// configure reads the configurations of the directories that are analysed.
func (r *request) configure(dirs []string) error {
	less := r.wanted.Checks.LessCertain(r.suite.selectable())
	for _, dir := range dirs {
		c, err := r.configs.For(dir)
		if err != nil {
			return err
		}
		less = less || r.wanted.Checks == nil && c.LessCertain(r.suite.selectable())
	}
	r.extended = less
	for _, c := range r.configs.All() {
		r.log("configured by %s", c.File)
		r.rows += c.Text()
	}
	if len(r.configs.All()) == 0 {
		return nil
	}
	_, err := kb.Load(kb.Source{Name: "rows", Text: r.rows}) // a row may be in a file and behind a flag
	return err
}

// asks reports whether a package is to be analysed, and not only read for what others
// have to know of it.
func (r *request) asks(path string) bool {
	return r.shard.Holds(path) && (r.affected == nil || r.affected[path])
}

// shows reports whether a finding is wanted.
func (r *request) shows(f finding.Finding) bool {
	return r.configs.Of(f.File).Shows(r.wanted, f.File, f.Check, f.Extended)
}

// A driver analyses packages. An error means that nothing could be done.
type driver func(context.Context, *request) (*outcome, error)

// A collector gathers what the analyzers say, whichever driver ran them.
type collector struct {
	request *request
	wanted  map[string]bool // import paths, tests in packages of their own included
	counted map[string]bool // those that were analysed

	variants map[string]bool // those that are analysed with their tests, as another unit than the one that is imported
	outcome
}

func newCollector(r *request) *collector {
	c := &collector{request: r, wanted: make(map[string]bool), counted: make(map[string]bool), variants: make(map[string]bool)}
	c.analysed, c.own = make(finding.Listing), make(finding.Listing)
	c.run = r.identity()
	for _, p := range r.packages {
		if p.broken != "" {
			if p.skipped {
				continue
			}
			c.problems = append(c.problems, problem{p.path, p.broken})
			continue
		}
		c.analysed.Add(p.dir, p.files...)
		if !p.foreign {
			c.own.Add(p.dir, p.files...)
		}
		if p.skipped {
			continue // its files may be shown all the same
		}
		if !p.xonly && !p.builtin() {
			c.wanted[p.path], c.variants[p.path] = true, p.tested
		}
		if p.xtest {
			c.wanted[p.path+"_test"] = true
		}
	}
	r.progress.done(0, len(c.wanted))
	return c
}

// add takes what one analyzer said of one package. Packages that nobody asked
// for are dropped; see [unit.needsSticky].
func (c *collector) add(u vetjson.Unit) {
	path := u.Package()
	if !c.wanted[path] || c.variants[path] && path == u.ID { // what is imported, without the tests
		return
	}
	if u.Error != "" {
		c.problems = append(c.problems, problem{path, u.Analyzer + ": " + u.Error})
		return
	}
	for _, d := range u.Diagnostics {
		switch d.Category {
		case c.request.suite.census.Name:
			c.counted[path] = true
			c.request.progress.done(len(c.counted), len(c.wanted))
		case goroutineCategory:
			c.goroutines = append(c.goroutines, u.Finding(d, c.request.original))
		case explainCategory, spawnCategory:
			c.explained = append(c.explained, u.Finding(d, c.request.original))
		case vetjson.Internal:
			c.internal = append(c.internal, path+": "+d.Message)
		default:
			c.findings = append(c.findings, u.Finding(d, c.request.original))
		}
	}
}

// missing returns the wanted packages that were not analysed, and of which
// nothing has been said yet.
func (c *collector) missing() []string {
	var missing []string
	for path := range c.wanted {
		known := slices.ContainsFunc(c.problems, func(p problem) bool { return p.pkg == path })
		if !c.counted[path] && !known {
			missing = append(missing, path)
		}
	}
	slices.Sort(missing)
	return missing
}

func (c *collector) finish() *outcome {
	c.outcome.packages = len(c.counted)
	slices.SortFunc(c.problems, func(a, b problem) int {
		return cmp.Or(strings.Compare(a.pkg, b.pkg), strings.Compare(a.reason, b.reason))
	})
	c.problems = slices.Compact(c.problems)
	slices.Sort(c.internal)
	c.internal = slices.Compact(c.internal)
	c.findings = finding.Sort(c.findings)
	c.goroutines = finding.Sort(c.goroutines)
	c.explained = finding.Sort(c.explained)
	return &c.outcome
}

// original returns the file that an overlay replaces by file; go vet gives the
// name of the replacement.
func (w *workspace) original(file string) string {
	for name, other := range w.overlay {
		if other == file {
			return name
		}
	}
	return file
}

package main

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/tools/go/analysis/checker"
	"golang.org/x/tools/go/packages"

	"github.com/killcheck/killcheck/cmd/killcheck/internal/finding"
	"github.com/killcheck/killcheck/cmd/killcheck/internal/gocmd"
	"github.com/killcheck/killcheck/cmd/killcheck/internal/vetjson"
	"github.com/killcheck/killcheck/internal/regular"
)

// runInProcess loads the packages and all they import into this process. It
// finds what [runVet] finds, at more cost, and without a cache.
func runInProcess(ctx context.Context, r *request) (*outcome, error) {
	roots, broken, err := load(ctx, r)
	if err != nil {
		return nil, err
	}
	var dirs []string
	for _, p := range roots {
		r.packages = append(r.packages, pkg{path: p.PkgPath, dir: p.Dir, files: p.GoFiles, foreign: r.isForeign(p), skipped: !r.holds(p)})
		dirs = append(dirs, p.Dir)
	}
	if err := r.configure(dirs); err != nil {
		return nil, err
	}
	c := newCollector(r)
	c.problems = append(c.problems, broken...)
	if len(c.wanted) == 0 {
		return c.finish(), nil
	}
	roots = slices.DeleteFunc(roots, func(p *packages.Package) bool { return !r.holds(p) })
	if err := r.suite.set(r.extended, r.rows); err != nil {
		return nil, err
	}
	for name, on := range map[string]bool{"map": r.census, "explain": r.explain} {
		if err := r.suite.census.Flags.Set(name, strconv.FormatBool(on)); err != nil {
			return nil, err
		}
	}
	type result struct {
		graph *checker.Graph
		err   error
	}
	done := make(chan result, 1)
	go func() {
		graph, err := checker.Analyze(r.suite.analyzers(), roots, nil)
		done <- result{graph, err}
	}()
	select {
	case <-ctx.Done(): // the analysis cannot be stopped; it ends with the process
		return nil, ctx.Err()
	case result := <-done:
		if result.err != nil {
			return nil, result.err
		}
		var out bytes.Buffer
		if err := result.graph.PrintJSON(&out); err != nil {
			return nil, err
		}
		if err := vetjson.Read(&out, c.add); err != nil {
			return nil, err
		}
	}
	for _, path := range c.missing() {
		c.problems = append(c.problems, problem{path, "it was left out without a reason"})
	}
	return c.finish(), nil
}

// isForeign is like [listed.foreign]. Build systems other than the go command do
// not tell of modules.
func (w *workspace) isForeign(p *packages.Package) bool {
	l := listed{Dir: p.Dir, Standard: slices.ContainsFunc(w.caches, func(dir string) bool { return inside(p.Dir, dir) })}
	if p.Module != nil {
		l.Module = &struct{ Main bool }{p.Module.Main}
	}
	return l.foreign()
}

// holds reports whether a package is to be analysed: its tests are with it.
func (r *request) holds(p *packages.Package) bool { return r.asks(cmp.Or(p.ForTest, p.PkgPath)) }

func inside(path, dir string) bool {
	rel, err := filepath.Rel(dir, path)
	return err == nil && filepath.IsLocal(rel)
}

// load returns the packages to analyse and those that cannot be. As with go
// vet, a package with tests is analysed once, together with its tests.
func load(ctx context.Context, r *request) (roots []*packages.Package, broken []problem, err error) {
	overlay, err := contents(r.overlay)
	if err != nil {
		return nil, nil, err
	}
	flags := slices.DeleteFunc(slices.Clone(r.flags), func(f string) bool { return strings.HasPrefix(f, "-overlay=") })
	r.log("loading %s in this process", strings.Join(r.patterns, " "))
	pkgs, err := packages.Load(&packages.Config{
		Context:    ctx,
		Mode:       packages.LoadAllSyntax | packages.NeedModule | packages.NeedForTest,
		Dir:        r.dir,
		BuildFlags: flags,
		Overlay:    overlay,
		Tests:      true,
	}, r.patterns...)
	if ctx.Err() != nil {
		return nil, nil, ctx.Err()
	}
	if err != nil {
		// Package packages puts what the go command said behind its exit status.
		if _, said, ok := strings.Cut(err.Error(), ": stderr: "); ok {
			err = errors.New(strings.TrimSpace(gocmd.Complaints(said)))
		}
		return nil, nil, err
	}
	if len(pkgs) == 0 {
		return nil, nil, fmt.Errorf("%s: no packages", strings.Join(r.patterns, " "))
	}
	tested := make(map[string]bool)
	for _, p := range pkgs {
		if p.ForTest != "" && p.PkgPath == p.ForTest {
			tested[p.PkgPath] = true
		}
	}
	for _, p := range pkgs {
		switch {
		case strings.HasSuffix(p.ID, ".test"):
			continue // the generated main program
		case tested[p.PkgPath] && p.ForTest == "":
			continue // its test variant has all of its files
		case len(p.Syntax) == 0 && len(p.Errors) == 0:
			continue // no Go files for this system
		}
		if reason := brokenBy(p); reason != "" {
			if !r.holds(p) {
				continue
			}
			broken = append(broken, problem{p.PkgPath, r.shorter(reason)})
			continue
		}
		roots = append(roots, p)
	}
	return roots, broken, nil
}

// brokenBy says why a package cannot be analysed: its own first error, or that
// of a package that it imports; nothing if it can.
func brokenBy(p *packages.Package) string {
	if len(p.Errors) > 0 {
		return message(p.Errors[0])
	}
	if !p.IllTyped {
		return ""
	}
	reason := "a package that it imports could not be built"
	packages.Visit([]*packages.Package{p}, nil, func(dep *packages.Package) {
		if len(dep.Errors) > 0 {
			reason = fmt.Sprintf("imports %s, which could not be built: %s", dep.PkgPath, message(dep.Errors[0]))
		}
	})
	return reason
}

// message returns an error with its position, if it has one.
func message(e packages.Error) string {
	if e.Pos == "" || e.Pos == "-" {
		return e.Msg
	}
	return e.Error()
}

// shorter makes the paths in a message relative to the current directory.
func (w *workspace) shorter(text string) string {
	return strings.ReplaceAll(text, w.show+string(filepath.Separator), "")
}

// maxOverlay is the size, in bytes, up to which the file of the -overlay flag is
// read.
const maxOverlay = 64 << 20

// readOverlay reads the file of the -overlay flag: which files are replaced by
// which, all absolute.
func readOverlay(dir, name string) (map[string]string, error) {
	replaced := make(map[string]string)
	if name == "" {
		return replaced, nil
	}
	abs := func(path string) string {
		if path == "" || filepath.IsAbs(path) {
			return path
		}
		return filepath.Join(dir, path)
	}
	data, err := regular.ReadFile(abs(name), maxOverlay)
	if err != nil {
		return nil, fmt.Errorf("overlay: %w", err)
	}
	var overlay struct{ Replace map[string]string }
	if err := regular.Unmarshal(name, data, &overlay); err != nil {
		return nil, fmt.Errorf("overlay: %w", err)
	}
	for file, other := range overlay.Replace {
		replaced[abs(file)] = abs(other)
	}
	return replaced, nil
}

// contents reads the files of an overlay.
func contents(overlay map[string]string) (map[string][]byte, error) {
	all := make(map[string][]byte)
	for file, other := range overlay {
		if other == "" {
			return nil, fmt.Errorf("overlay: this driver cannot remove a file, as is asked for %s", file)
		}
		data, err := regular.ReadFile(other, finding.MaxSource)
		if err != nil {
			return nil, fmt.Errorf("overlay: %w", err)
		}
		all[file] = data
	}
	return all, nil
}

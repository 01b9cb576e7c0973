package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// runVet lets go vet run this program on every package, so that facts and
// findings live in the build cache.
func runVet(ctx context.Context, r *request) (*outcome, error) {
	c := newCollector(r)
	if len(c.wanted) == 0 {
		return c.finish(), nil
	}
	self, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("cannot find this program, which go vet has to run: %w", err)
	}
	flags := r.vetFlags()
	vet := func(args ...string) error {
		args = slices.Concat(flags, args)
		r.log("go vet %s", strings.Join(args, " "))
		said, err := r.goCommand().Vet(ctx, self, false, args, c.add)
		if exit := new(exec.ExitError); err != nil && !errors.As(err, &exit) {
			return err
		}
		c.explainMissing(ctx, readComplaints(said, filepath.Base(self)))
		return nil
	}
	if err := vet(r.loadable()...); err != nil {
		return nil, err
	}
	if missing := c.missing(); len(missing) > 0 {
		r.log("go vet said nothing of %s", strings.Join(missing, " "))
		if err := vet(r.suite.again(missing)...); err != nil {
			return nil, err
		}
	}
	for _, path := range c.missing() {
		c.problems = append(c.problems, problem{path, "go vet left it out without a reason"})
	}
	return c.finish(), nil
}

// vetFlags returns the flags for go vet.
func (r *request) vetFlags() []string {
	flags := slices.Concat(r.flags, r.suite.toolFlags(r.extended), rowsFlags(r.rows))
	if r.census {
		flags = append(flags, "-"+r.suite.census.Name+".map")
	}
	if r.explain {
		flags = append(flags, "-"+r.suite.census.Name+".explain")
	}
	return flags
}

// again returns arguments for a second run on packages of which go vet printed
// nothing. That of go1.26 may have kept what a run for facts only prints, which
// is nothing; see [unit.needsSticky], which cannot help where packages of others
// are asked for. A flag that nothing heeds gives these packages keys of their
// own in the build cache.
func (s suite) again(missing []string) []string {
	var paths []string
	for _, path := range missing {
		paths = append(paths, strings.TrimSuffix(path, "_test"))
	}
	paths = slices.Compact(paths)
	sum := sha256.Sum256([]byte(strings.Join(paths, "\n")))
	return append([]string{"-" + s.census.Name + ".again=" + hex.EncodeToString(sum[:8])}, paths...)
}

// loadable returns the patterns for go vet. One package that cannot be loaded
// makes it give up at once, so such packages are left out by naming the rest, and
// so are those that are not to be analysed.
func (r *request) loadable() []string {
	left := func(p pkg) bool { return p.broken != "" || p.skipped }
	if !slices.ContainsFunc(r.packages, left) {
		return r.patterns
	}
	var paths []string
	for _, p := range r.packages {
		if !left(p) {
			paths = append(paths, p.path)
		}
	}
	return paths
}

// Complaints are what go vet says on standard error, by import path. Lines
// that belong to no package are under "".
type complaints map[string][]string

// readComplaints reads standard error: a line "# path" precedes what is said
// of a package. The tool puts its name before its messages.
func readComplaints(stderr, tool string) complaints {
	c := make(complaints)
	path := ""
	for line := range strings.Lines(stderr) {
		line = strings.TrimPrefix(strings.TrimSpace(line), tool+": ")
		if header, ok := strings.CutPrefix(line, "# "); ok {
			if !strings.HasPrefix(header, "[") { // "# [path]" repeats the header
				path, _, _ = strings.Cut(header, " ")
			}
			continue
		}
		if line != "" {
			c[path] = append(c[path], line)
		}
	}
	return c
}

// explainMissing says why packages were not analysed, if it is known: because of
// their own mistakes, or because of those of a package that they import, of
// which go vet says nothing.
func (c *collector) explainMissing(ctx context.Context, said complaints) {
	missing := c.missing()
	if len(missing) == 0 {
		return
	}
	deps, err := c.request.importers(ctx)
	if err != nil {
		c.request.log("go list: %v", err)
	}
	for _, path := range missing {
		if reason := c.reason(path, said, deps); reason != "" {
			c.problems = append(c.problems, problem{path, reason})
		}
	}
}

// maxReason is how many lines of an explanation are shown. A crash has many.
const maxReason = 8

// reason returns nothing if nothing was said.
func (c *collector) reason(path string, said complaints, deps map[string][]string) string {
	tested := strings.TrimSuffix(path, "_test")
	for _, of := range []string{path, tested} {
		if lines := said[of]; len(lines) > 0 {
			return shorten(lines)
		}
	}
	for _, dep := range deps[tested] {
		if len(said[dep]) > 0 {
			return fmt.Sprintf("imports %s, which could not be built: %s", dep, said[dep][0])
		}
	}
	if lines := said[""]; len(lines) > 0 {
		return shorten(lines)
	}
	return ""
}

func shorten(lines []string) string {
	if len(lines) > maxReason {
		lines = append(slices.Clone(lines[:maxReason]), "...")
	}
	return strings.Join(lines, "\n")
}

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/killcheck/killcheck/cmd/killcheck/internal/gocmd"
)

// A workspace is where the go command runs, and what it runs on.
type workspace struct {
	dir       string            // absolute; the go command runs here
	show      string            // absolute; paths are printed relative to it
	patterns  []string          // for the go command
	single    bool              // the arguments were files of one directory
	files     map[string]bool   // absolute; show only findings in these, if there are any
	flags     []string          // build flags
	goVersion string            // of the go command, such as go1.26.8
	overlay   map[string]string // absolute; files and those that replace them
	overlaid  bool              // GOFLAGS names others
	gowork    string            // absolute; the go.work that counts, if any
	caches    []string          // absolute; where the go command keeps packages of others
	env       []string          // additions to the environment of the go command
}

// openWorkspace resolves the arguments and asks the go command for its
// version.
func openWorkspace(ctx context.Context, o *options) (*workspace, error) {
	dir, err := filepath.Abs(o.dir)
	if err != nil {
		return nil, err
	}
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		return nil, usagef("-C %s: not a directory", o.dir)
	}
	overlay, err := readOverlay(dir, o.overlay)
	if err != nil {
		return nil, err
	}
	w := &workspace{
		dir:      dir,
		show:     dir,
		patterns: []string{"."},
		files:    make(map[string]bool),
		flags:    o.buildFlags(),
		overlay:  overlay,
	}
	if len(o.args) > 0 {
		if err := w.resolve(o.args); err != nil {
			return nil, err
		}
	}
	out, err := w.goCommand().Output(ctx, "env", "GOVERSION", "GOMODCACHE", "GOROOT", "GOMOD", "GOWORK", "GOFLAGS")
	if err != nil {
		return nil, fmt.Errorf("the go command does not work: %w", err)
	}
	said := append(strings.Split(strings.ReplaceAll(string(out), "\r\n", "\n"), "\n"), "", "", "", "", "", "")
	w.overlaid = strings.Contains(said[5], "-overlay")
	w.goVersion, _, _ = strings.Cut(said[0], " ")
	w.caches = slices.DeleteFunc(said[1:3:3], func(dir string) bool { return dir == "" })
	if w.gowork = said[4]; w.gowork == "off" {
		w.gowork = ""
	}
	if text := skew(w.goVersion); text != "" {
		return nil, errors.New(text)
	}
	return w, w.place(ctx, said[3], said[4])
}

// resolve turns the arguments into patterns. A file stands for its package. If
// all arguments are files of one directory, the go command runs there, so that
// an editor may name a file of any module.
func (w *workspace) resolve(args []string) error {
	dirs := make(map[string]bool)
	w.patterns = nil
	for _, arg := range args {
		path := w.abs(arg)
		info, err := os.Stat(path)
		if err != nil && isFile(arg) {
			return err
		}
		if filepath.Ext(arg) != ".go" || err != nil || info.IsDir() {
			w.patterns = append(w.patterns, arg)
			continue
		}
		w.files[path] = true
		dirs[filepath.Dir(path)] = true
	}
	if len(w.patterns) == 0 && len(dirs) == 1 {
		for dir := range dirs {
			w.dir, w.patterns, w.single = dir, []string{"."}, true
		}
		return nil
	}
	if len(w.patterns) > 0 {
		clear(w.files) // whole packages were asked for, too
	}
	w.patterns = append(w.patterns, slices.Sorted(maps.Keys(dirs))...)
	return nil
}

// isFile reports whether an argument names a Go file, whether it exists or not.
// An import path may end in .go as well, but that begins with a host.
func isFile(arg string) bool {
	host, _, slash := strings.Cut(filepath.ToSlash(arg), "/")
	return filepath.Ext(arg) == ".go" && (!slash || strings.Trim(host, ".") == "" || !strings.Contains(host, "."))
}

// abs returns a path of the command line as an absolute one.
func (w *workspace) abs(path string) string {
	if filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(w.show, path)
}

// A pkg is a package that the arguments name.
type pkg struct {
	path   string
	dir    string
	broken string   // why it cannot be loaded; empty if it can
	tested bool     // it has tests inside
	xtest  bool     // it has tests in a package of their own
	xonly  bool     // and no other files, so that there is nothing else to analyse
	files  []string // Go files that are analysed, absolute or in dir

	skipped bool // it belongs to another shard, or cannot have other findings
	foreign bool // it belongs to the standard library, or to a module that only is used
}

// builtin reports whether the compiler is all that the package consists of.
// Package unsafe has a file, but for its documentation; go vet leaves it out.
func (p pkg) builtin() bool { return p.path == "unsafe" }

type listed struct {
	ImportPath, Dir           string
	GoFiles, CgoFiles         []string
	TestGoFiles, XTestGoFiles []string
	IgnoredGoFiles            []string
	Standard                  bool
	Module                    *struct{ Main bool }
	Error                     *listError
	DepsErrors                []listError
}

// foreign reports whether nobody works on the package here. Without modules that
// is known only of the standard library and of vendored packages.
func (l listed) foreign() bool {
	if l.Module != nil {
		return !l.Module.Main
	}
	return l.Standard || strings.Contains(filepath.ToSlash(l.Dir)+"/", "/vendor/")
}

type listError struct{ Pos, Err string }

func (e listError) String() string {
	if e.Pos == "" {
		return e.Err
	}
	return e.Pos + ": " + e.Err
}

// list returns the packages that the patterns name, broken ones included.
// Packages without Go files for this system are left out, unless they were all
// there was.
func (w *workspace) list(ctx context.Context) ([]pkg, error) {
	all, err := w.listed(ctx)
	if err != nil || !w.single || w.patterns[0] != "." {
		return all, err
	}
	for file := range w.files {
		if !slices.ContainsFunc(all, func(p pkg) bool { return slices.Contains(p.files, filepath.Base(file)) }) {
			w.asFiles() // build constraints leave it out of its package
			return w.listed(ctx)
		}
	}
	return all, nil
}

func (w *workspace) listed(ctx context.Context) ([]pkg, error) {
	const fields = "ImportPath,Dir,GoFiles,CgoFiles,TestGoFiles,XTestGoFiles,IgnoredGoFiles,Standard,Module,Error,DepsErrors"
	args := append([]string{"list", "-e", "-json=" + fields}, w.flags...)
	out, err := w.goCommand().Output(ctx, append(append(args, "--"), w.patterns...)...)
	if err != nil {
		return nil, err
	}
	var all, empty []pkg
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		var l listed
		if err := dec.Decode(&l); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return nil, fmt.Errorf("reading the output of go list: %w", err)
		}
		p := pkg{path: l.ImportPath, dir: l.Dir, tested: len(l.TestGoFiles) > 0, xtest: len(l.XTestGoFiles) > 0, foreign: l.foreign()}
		p.files = slices.Concat(l.GoFiles, l.CgoFiles, l.TestGoFiles, l.XTestGoFiles)
		switch {
		case l.Error != nil:
			p.broken = l.Error.String()
		case len(l.DepsErrors) > 0:
			p.broken = l.DepsErrors[0].String()
		}
		p.xonly = p.xtest && len(l.GoFiles)+len(l.CgoFiles)+len(l.TestGoFiles) == 0
		if !p.xtest && len(l.GoFiles)+len(l.CgoFiles)+len(l.TestGoFiles) == 0 && len(l.IgnoredGoFiles) > 0 {
			empty = append(empty, p)
			continue
		}
		all = append(all, p)
	}
	if len(all) == 0 {
		all = empty
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("%s: no packages", strings.Join(w.patterns, " "))
	}
	return all, nil
}

// importers returns, for each package that the patterns name, the packages
// that it or its tests import directly or through others.
func (w *workspace) importers(ctx context.Context) (map[string][]string, error) {
	args := append([]string{"list", "-e", "-test", "-json=ImportPath,Deps"}, w.flags...)
	out, err := w.goCommand().Output(ctx, append(append(args, "--"), w.patterns...)...)
	if err != nil {
		return nil, err
	}
	deps := make(map[string][]string)
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		var l struct {
			ImportPath string
			Deps       []string
		}
		if err := dec.Decode(&l); err != nil {
			return deps, nil // the end of the stream, or as much as there is
		}
		path := strings.TrimSuffix(plainPath(l.ImportPath), "_test")
		for _, dep := range l.Deps {
			deps[path] = append(deps[path], plainPath(dep))
		}
	}
}

// plainPath returns an import path without what go list adds to it if the package is
// built for tests.
func plainPath(path string) string {
	path, _, _ = strings.Cut(path, " [")
	return path
}

// goCommand returns the go command, to run where the workspace is.
func (w *workspace) goCommand() gocmd.Runner { return gocmd.Runner{Dir: w.dir, Env: w.env} }

package main

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// An input is code that both sides look at.
type input struct {
	name  string
	root  string // paths are printed relative to it
	units []unit
	named bool // only if it is asked for by name
}

// A unit is one run of killcheck.
type unit struct {
	dir      string   // below the root of the input, slash-separated; "." for the root
	patterns []string // packages
	flags    []string
	env      []string
}

var everything = []string{"./..."}

// collect lists all inputs: those in the repository at tree, then those in the
// folder repos, if there is one.
func collect(ctx context.Context, tree, repos string) ([]input, error) {
	all, err := collections(tree)
	if err != nil {
		return nil, err
	}
	fixtures := input{name: "fixtures", root: tree}
	if fixtures.units, err = gopaths(tree); err != nil {
		return nil, err
	}
	if len(fixtures.units) > 0 {
		all = append(all, fixtures)
	}
	if repos != "" {
		more, err := repositories(repos)
		if err != nil {
			return nil, err
		}
		all = append(all, more...)
	}
	goroot, err := output(ctx, ".", "go", "env", "GOROOT")
	if err != nil {
		return nil, err
	}
	// go vet does not look at std in the ways of another module.
	std := unit{dir: ".", patterns: []string{"std"}, flags: []string{"-driver=inprocess"}}
	return append(all, input{name: "std", root: filepath.Join(strings.TrimSpace(goroot), "src"), units: []unit{std}, named: true}), nil
}

// collections returns the modules right below the folders testdata that need no
// other module.
func collections(tree string) ([]input, error) {
	var all []input
	for _, folder := range []string{"testdata", "passes/testdata"} {
		mods, err := filepath.Glob(filepath.Join(tree, filepath.FromSlash(folder), "*", "go.mod"))
		if err != nil {
			return nil, err
		}
		for _, mod := range mods {
			name := filepath.Base(filepath.Dir(mod))
			if _, err := os.Stat(filepath.Join(filepath.Dir(mod), "go.sum")); err == nil {
				continue
			}
			all = append(all, input{name: name, root: tree, units: []unit{{dir: folder + "/" + name, patterns: everything}}})
		}
	}
	return all, nil
}

// gopaths returns the test data of the checks, which is no module: each folder
// testdata/src below passes is the source of a GOPATH.
func gopaths(tree string) ([]unit, error) {
	var units []unit
	err := filepath.WalkDir(filepath.Join(tree, "passes"), func(path string, e fs.DirEntry, err error) error {
		if err != nil || !e.IsDir() || e.Name() != "src" || filepath.Base(filepath.Dir(path)) != "testdata" {
			return err
		}
		rel, err := filepath.Rel(tree, path)
		units = append(units, unit{dir: filepath.ToSlash(rel), patterns: everything, env: []string{
			"GO111MODULE=off", "GOPATH=" + filepath.Dir(path), "GOFLAGS=",
		}})
		return err
	})
	if os.IsNotExist(err) {
		return nil, nil
	}
	return units, err
}

// repositories returns the folders in a folder that hold a module.
func repositories(folder string) ([]input, error) {
	folder, err := filepath.Abs(folder)
	if err != nil {
		return nil, err
	}
	if folder, err = filepath.EvalSymlinks(folder); err != nil {
		return nil, err
	}
	entries, err := os.ReadDir(folder)
	if err != nil {
		return nil, err
	}
	var all []input
	for _, e := range entries {
		root, err := filepath.EvalSymlinks(filepath.Join(folder, e.Name()))
		if err != nil {
			return nil, err
		}
		units, err := modules(root)
		if err != nil {
			return nil, err
		}
		if len(units) > 0 {
			all = append(all, input{name: e.Name(), root: root, units: units})
		}
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("no folder with a go.mod in %s", filepath.Base(folder))
	}
	return all, nil
}

// modules returns a unit for each module below root, except those in folders that
// the go command leaves out, too.
func modules(root string) ([]unit, error) {
	var units []unit
	err := filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := e.Name()
		if e.IsDir() && path != root && (name == "testdata" || name == "vendor" || strings.HasPrefix(name, ".") || strings.HasPrefix(name, "_")) {
			return fs.SkipDir
		}
		if !e.Type().IsRegular() || name != "go.mod" {
			return nil
		}
		rel, err := filepath.Rel(root, filepath.Dir(path))
		units = append(units, unit{dir: filepath.ToSlash(rel), patterns: everything})
		return err
	})
	slices.SortFunc(units, func(a, b unit) int { return strings.Compare(a.dir, b.dir) })
	return units, err
}

// choose returns the inputs of these names, in the order of all; without names,
// those that need not be named.
func choose(all []input, names []string) ([]input, error) {
	var known []string
	for _, in := range all {
		known = append(known, in.name)
	}
	for _, name := range names {
		if !slices.Contains(known, name) {
			return nil, fmt.Errorf("no input %q; there are %s", name, strings.Join(known, ", "))
		}
	}
	return slices.DeleteFunc(all, func(in input) bool {
		return len(names) == 0 && in.named || len(names) > 0 && !slices.Contains(names, in.name)
	}), nil
}

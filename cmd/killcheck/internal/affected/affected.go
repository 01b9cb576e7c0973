// Package affected says which packages can have other findings than at a revision:
// those whose sources have changed since, and those that import a package of which
// killcheck may know something else. A [Graph] says for which packages it is worth to
// find out whether that is so.
//
// It is on the safe side. A file that git does not know, or that it only believes to
// be as it was, counts as changed, and what cannot be compared is taken for another.
package affected

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Fields are those of go list -deps -test -e -json that [Read] wants.
const Fields = "ImportPath,Dir,ForTest,DepOnly,Standard,Module,Imports,Error,DepsErrors,Incomplete," +
	"GoFiles,CgoFiles,CFiles,CXXFiles,MFiles,HFiles,FFiles,SFiles,SwigFiles,SwigCXXFiles,SysoFiles,EmbedPatterns,EmbedFiles," +
	"TestGoFiles,TestEmbedPatterns,TestEmbedFiles,XTestGoFiles,XTestEmbedPatterns,XTestEmbedFiles"

// A Unit is a package as the go command compiles it; one that is compiled for the
// tests of another is a unit of its own.
type Unit struct {
	ImportPath, Dir, ForTest string
	Standard, Incomplete     bool
	DepOnly                  bool // nobody has named it
	Module                   *struct{ GoMod string }
	Imports                  []string
	Error                    *struct{}
	DepsErrors               []struct{}

	GoFiles, CgoFiles, CFiles, CXXFiles, MFiles, HFiles, FFiles, SFiles, SwigFiles, SwigCXXFiles, SysoFiles []string

	EmbedPatterns, EmbedFiles             []string
	TestGoFiles, XTestGoFiles             []string
	TestEmbedPatterns, XTestEmbedPatterns []string
	TestEmbedFiles, XTestEmbedFiles       []string
}

// Read reads what go list prints.
func Read(out []byte) ([]*Unit, error) {
	var all []*Unit
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		u := new(Unit)
		if err := dec.Decode(u); errors.Is(err, io.EOF) {
			return all, nil
		} else if err != nil {
			return nil, fmt.Errorf("reading the output of go list: %w", err)
		}
		all = append(all, u)
	}
}

// path returns the import path without the variant for a test.
func (u *Unit) path() string {
	path, _, _ := strings.Cut(u.ImportPath, " ")
	return path
}

// A Tree is what git knows of the files of a repository.
type Tree struct {
	Root    string          // absolute, links followed
	Known   map[string]bool // files that git has, relative to the root, with slashes
	Changed map[string]bool // those that differ from the revision, or may do, and those that are gone

	// Old are the Go files that differ for sure, as they were at the revision; nil if
	// there was none. One that is not as git has it, or no regular file, is not here.
	Old map[string][]byte
}

// Same reports whether a file is as it was at the revision. It is not if it is a link,
// since git compares where that leads, or if it does not belong to the repository.
func (t *Tree) Same(file string) bool {
	info, err := os.Lstat(file)
	if err != nil || !info.Mode().IsRegular() {
		return false
	}
	dir, err := filepath.EvalSymlinks(filepath.Dir(file))
	if err != nil {
		return false
	}
	rel, ok := t.rel(filepath.Join(dir, filepath.Base(file)))
	return ok && t.Known[rel] && !t.Changed[rel]
}

func (t *Tree) rel(path string) (string, bool) {
	rel, err := filepath.Rel(t.Root, path)
	return filepath.ToSlash(rel), err == nil && filepath.IsLocal(rel)
}

// global are files on which all packages depend, wherever they lie: that of a module
// says which packages belong to the one around it, and which do not.
var global = []string{"go.mod", "go.sum", "go.work", "go.work.sum", "modules.txt", ".killcheck.yaml", ".killcheck.yml"}

// All returns why all packages are affected; "" if that is not so. The files are those
// that the run depends on besides the sources, and the caches are as in a [Selection].
func (t *Tree) All(units []*Unit, files, caches []string) string {
	var found []string
	for name := range t.Changed {
		if slices.Contains(global, name[strings.LastIndexByte(name, '/')+1:]) {
			found = append(found, name)
		}
	}
	if len(found) > 0 {
		return slices.Min(found) + " has changed"
	}
	for _, u := range units {
		if u.Module != nil && u.Module.GoMod != "" && !cached(u.Module.GoMod, caches) && !slices.Contains(files, u.Module.GoMod) {
			files = append(files, u.Module.GoMod)
		}
	}
	for _, file := range files {
		if !t.Same(file) {
			return file + " has changed, or git does not know it"
		}
	}
	return ""
}

func cached(path string, caches []string) bool {
	return slices.ContainsFunc(caches, func(cache string) bool { return within(path, cache) })
}

// A Selection finds the affected packages among units.
type Selection struct {
	Tree    *Tree
	Caches  []string        // where packages lie that nobody changes: the library of Go, and downloaded modules
	Overlay map[string]bool // files that are replaced

	dirs   map[string]change   // by directory: what has changed in it
	files  map[string][]string // the files that have, relative to the root
	native bool                // a file that is not Go has changed somewhere
}

// A change says what has changed of a package.
type change struct{ code, tests bool }

func (c change) or(d change) change { return change{c.code || d.code, c.tests || d.tests} }

// tested reports whether the unit is the package that is tested, or its tests, rather
// than another one compiled for them.
func (u *Unit) tested() bool {
	return u.ForTest != "" && (u.path() == u.ForTest || u.path() == u.ForTest+"_test")
}

// sources are the endings of the files that the go command compiles.
var sources = []string{".go", ".c", ".cc", ".cpp", ".cxx", ".m", ".h", ".hh", ".hpp", ".hxx", ".f", ".F", ".for", ".f90", ".s", ".S", ".sx", ".swig", ".swigcxx", ".syso"}

// kind says what it means that a file of a package has changed.
func kind(name string) change {
	switch {
	case strings.HasSuffix(name, "_test.go"):
		return change{tests: true}
	case slices.ContainsFunc(sources, func(ending string) bool { return strings.HasSuffix(name, ending) }):
		return change{code: true}
	}
	return change{}
}

// own returns what has changed of a package itself.
func (s *Selection) own(u *Unit) change {
	if u.Error != nil || len(u.DepsErrors) > 0 || u.Incomplete || u.Dir == "" {
		return change{code: true, tests: true}
	}
	if u.Standard || cached(u.Dir, s.Caches) {
		return change{}
	}
	dir, err := filepath.EvalSymlinks(u.Dir)
	if err != nil || !within(dir, s.Tree.Root) {
		return change{code: true, tests: true}
	}
	c := s.dirs[dir]
	if s.native && len(u.CgoFiles) > 0 {
		c.code = true // C includes what it likes
	}
	for file := range s.Overlay {
		if filepath.Dir(file) == u.Dir {
			c.code = true
		}
	}
	tests := slices.Concat(u.TestGoFiles, u.XTestGoFiles, u.TestEmbedFiles, u.XTestEmbedFiles)
	for _, file := range slices.Concat(u.GoFiles, u.CgoFiles, u.CFiles, u.CXXFiles, u.MFiles, u.HFiles, u.FFiles, u.SFiles, u.SwigFiles, u.SwigCXXFiles, u.SysoFiles, u.EmbedFiles) {
		// What the go command lists with a path it has made itself.
		c.code = c.code || !filepath.IsAbs(file) && !s.Tree.Same(filepath.Join(u.Dir, file))
	}
	for _, file := range tests {
		c.tests = c.tests || !s.Tree.Same(filepath.Join(u.Dir, file))
	}
	if len(u.EmbedPatterns) > 0 && s.below(dir) {
		c.code = true
	}
	if len(u.TestEmbedPatterns)+len(u.XTestEmbedPatterns) > 0 && s.below(dir) {
		c.tests = true
	}
	return c
}

// below reports whether anything has changed below a directory.
func (s *Selection) below(dir string) bool {
	for changed := range s.dirs {
		if within(changed, dir) {
			return true
		}
	}
	return false
}

func within(path, dir string) bool {
	rel, err := filepath.Rel(dir, path)
	return err == nil && (rel == "." || filepath.IsLocal(rel))
}

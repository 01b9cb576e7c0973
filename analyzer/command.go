package analyzer

import (
	"bytes"
	"go/build"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/killcheck/killcheck/internal/regular"
)

// ofCommand reports whether the root of the package's module is a package main: then the
// module is a program, and its other packages are parts of that. No driver tells it, so
// the folder is looked at; where the files of the module are not at hand it is a library.
func ofCommand(pass *analysis.Pass) bool {
	if pass.Module == nil || pass.Module.Path == "" || len(pass.Files) == 0 {
		return false
	}
	path, _, _ := strings.Cut(pass.Pkg.Path(), " ") // of a variant that tests build
	below, ok := strings.CutPrefix(strings.TrimSuffix(path, "_test"), pass.Module.Path+"/")
	if !ok {
		return false
	}
	dir := filepath.ToSlash(filepath.Dir(pass.Fset.PositionFor(pass.Files[0].FileStart, false).Filename))
	root, ok := strings.CutSuffix(dir, "/"+below)
	return ok && isCommand(root)
}

// maxRoot is the size of a file, in bytes, that is read for its package clause.
const maxRoot = 1 << 20

// isCommand reports whether a folder holds a package main.
func isCommand(dir string) bool {
	at := build.Default
	at.ReadDir = func(dir string) ([]fs.FileInfo, error) {
		entries, err := os.ReadDir(dir)
		var infos []fs.FileInfo
		for _, e := range entries {
			if name := e.Name(); !e.Type().IsRegular() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
				continue
			}
			if info, err := e.Info(); err == nil {
				infos = append(infos, info)
			}
		}
		return infos, err
	}
	at.OpenFile = func(name string) (io.ReadCloser, error) {
		text, err := regular.ReadFile(name, maxRoot)
		return io.NopCloser(bytes.NewReader(text)), err
	}
	pkg, err := at.ImportDir(filepath.FromSlash(dir), 0)
	return err == nil && pkg.Name == "main"
}

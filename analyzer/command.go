package analyzer

import (
	"bytes"
	"errors"
	"go/build"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/killcheck/killcheck/internal/regular"
)

// ofCommand reports whether the package's module is a program, and its other packages are
// parts of that: its root is a package main, or folder cmd holds one. No driver tells it, so
// the folders are looked at; where the files of the module are not at hand it is a library.
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
	return ok && isProgram(root)
}

// isProgram reports whether the folder is the root of a program.
func isProgram(root string) bool { return packageOf(root) == "main" || holdsCommand(root+"/cmd") }

// maxCommands is how many folders are looked at for a command.
const maxCommands = 32

// holdsCommand reports whether the folder, or one in it, holds a package main.
func holdsCommand(dir string) bool {
	if packageOf(dir) == "main" {
		return true
	}
	entries, err := os.ReadDir(filepath.FromSlash(dir))
	if err != nil {
		return false
	}
	n := 0
	for _, e := range entries {
		if !e.IsDir() {
			continue
		}
		if n++; n > maxCommands {
			break
		}
		if packageOf(dir+"/"+e.Name()) == "main" {
			return true
		}
	}
	return false
}

// maxRoot is the size of a file, in bytes, that is read for its package clause.
const maxRoot = 1 << 20

// packageOf returns the name of the package that a folder holds, the empty string if it
// holds none, or "_" if that is not clear.
func packageOf(dir string) string {
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
	var none *build.NoGoError
	switch {
	case errors.As(err, &none) || errors.Is(err, fs.ErrNotExist):
		return ""
	case err != nil:
		return "_"
	}
	return pkg.Name
}

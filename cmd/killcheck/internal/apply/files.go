package apply

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"go/ast"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/killcheck/killcheck/cmd/killcheck/internal/finding"
	"github.com/killcheck/killcheck/internal/regular"
)

// The reasons for which a file is left as it is.
const (
	reasonChanged  = "has changed since it was analysed"
	reasonForeign  = "is none of the source files of the packages that were asked for"
	reasonLinked   = "has another hard link, which would keep the old text"
	reasonReadOnly = "is read-only"
)

// Files are the files that may be edited. Their texts are read once.
type Files struct {
	// Own are the files that may be edited, with the roots of their modules.
	Own finding.Listing
	// Caches are folders in which nothing is edited, although a symbolic link may
	// lead there: those of downloaded modules.
	Caches []string
	// Writable asks for files that can be written, not only compared.
	Writable bool

	byName, byPath map[string]*file
}

// A file is what is known of one file.
type file struct {
	name    string // as the findings name it
	path    string // behind symbolic links
	text    []byte
	sum     string
	refusal string // why it must not be edited; empty if it may
}

// Sum returns what identifies a text: its SHA-256 in hexadecimal.
func Sum(text []byte) string {
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

// Refuse makes a file one that is left as it is.
func (f *Files) Refuse(name, reason string) { f.open(name).refusal = reason }

// Forget drops the texts, but not the refusals, so that the files are read anew.
func (f *Files) Forget() {
	texts := func(_ string, file *file) bool { return file.refusal == "" }
	maps.DeleteFunc(f.byName, texts)
	maps.DeleteFunc(f.byPath, texts)
}

// open returns a file with its text or its refusal. Two names of one file give
// the same.
func (f *Files) open(name string) *file {
	if known := f.byName[name]; known != nil {
		return known
	}
	if f.byName == nil {
		f.byName, f.byPath = make(map[string]*file), make(map[string]*file)
	}
	opened := f.read(name)
	if other := f.byPath[opened.path]; other != nil {
		opened = other
	} else if opened.path != "" {
		f.byPath[opened.path] = opened
	}
	f.byName[name] = opened
	return opened
}

func (f *Files) read(name string) *file {
	module, ok := f.Own[name]
	if !ok {
		return &file{name: name, refusal: reasonForeign}
	}
	path, err := filepath.EvalSymlinks(name)
	if err != nil {
		return &file{name: name, refusal: reason(err)}
	}
	read := &file{name: name, path: path}
	if read.refusal = f.elsewhere(path, module); read.refusal != "" {
		return read
	}
	opened, err := openRegular(path)
	if err != nil {
		read.refusal = reason(err)
		return read
	}
	defer opened.Close()
	if f.Writable {
		if err := writable(opened, path); err != nil {
			read.refusal = reason(err)
			return read
		}
	}
	if read.text, err = readAll(opened); err != nil {
		read.refusal = reason(err)
		return read
	}
	read.sum = Sum(read.text)
	read.refusal = machineMade(read.text)
	return read
}

// elsewhere says why a file that a symbolic link may lead to is not ours, or
// nothing if it is.
func (f *Files) elsewhere(path, module string) string {
	root, err := filepath.EvalSymlinks(module)
	if err != nil {
		return reason(err)
	}
	switch {
	case !within(path, root):
		return "leads out of the module"
	case filepath.Ext(path) != ".go":
		return "leads to a file that is not named as one of Go"
	}
	for _, cache := range f.Caches {
		if real, err := filepath.EvalSymlinks(cache); err == nil && within(path, real) && !within(root, real) {
			return "leads to a file of a downloaded module"
		}
	}
	for dir := filepath.Dir(path); dir != root; dir = filepath.Dir(dir) {
		if filepath.Base(dir) == "vendor" {
			return "leads to a file of a vendored package"
		}
		if _, err := os.Lstat(filepath.Join(dir, "go.mod")); err == nil {
			return "leads to a file of another module"
		}
	}
	return ""
}

func within(path, dir string) bool {
	rel, err := filepath.Rel(dir, path)
	return err == nil && filepath.IsLocal(rel)
}

// openRegular opens a file for reading if it is a regular one of a sane size. It
// never waits for a device or a pipe.
func openRegular(path string) (*os.File, error) {
	info, err := os.Lstat(path)
	if err != nil {
		return nil, err
	}
	if err := isSource(info); err != nil {
		return nil, err
	}
	f, err := os.OpenFile(path, os.O_RDONLY|openFlags, 0)
	if err != nil {
		return nil, err
	}
	if info, err = f.Stat(); err == nil {
		err = isSource(info) // it may be another one by now
	}
	if err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

func isSource(info fs.FileInfo) error {
	switch {
	case !info.Mode().IsRegular():
		return errors.New("is no regular file")
	case info.Size() > finding.MaxSource:
		return errTooLarge()
	}
	return nil
}

func readAll(f *os.File) ([]byte, error) {
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	text, err := io.ReadAll(io.LimitReader(f, finding.MaxSource+1))
	if err == nil && len(text) > finding.MaxSource {
		err = errTooLarge()
	}
	return text, err
}

func errTooLarge() error { return fmt.Errorf("has more than %s", regular.Size(finding.MaxSource)) }

// machineMade says why a text must not be edited by its own account, or nothing.
func machineMade(text []byte) string {
	file, err := newSyntax(text)
	if err != nil {
		return reasonChanged // it was Go when it was analysed
	}
	if ast.IsGenerated(file.tree) {
		return "is generated"
	}
	for _, spec := range file.tree.Imports {
		if spec.Path.Value == `"C"` {
			return "uses cgo"
		}
	}
	line := slices.ContainsFunc(file.tree.Comments, func(group *ast.CommentGroup) bool {
		return slices.ContainsFunc(group.List, func(c *ast.Comment) bool {
			return strings.HasPrefix(c.Text, "//line ") || strings.HasPrefix(c.Text, "/*line ")
		})
	})
	if line {
		return "has a //line comment"
	}
	return ""
}

// reason returns an error without the name of the file, which is said anyway.
func reason(err error) string {
	if path := new(fs.PathError); errors.As(err, &path) {
		return "cannot be read or written: " + path.Err.Error()
	}
	if link := new(os.LinkError); errors.As(err, &link) {
		return "cannot be written: " + link.Err.Error()
	}
	return err.Error()
}

func sameText(f *os.File, text []byte) (bool, error) {
	now, err := readAll(f)
	return bytes.Equal(now, text), err
}

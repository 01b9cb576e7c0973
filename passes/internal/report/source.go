package report

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"reflect"

	"golang.org/x/tools/go/analysis"

	"github.com/killcheck/killcheck/internal/regular"
)

// Source begins the message of a related position that stands for a whole file:
// the one that holds the position. What follows is the SHA-256, in hexadecimal,
// of the text to which the edits of the fix belong.
const Source = "killcheck:source "

// sources names the texts that fixes edit.
func (c *check) sources(fixes []analysis.SuggestedFix) []analysis.RelatedInformation {
	var all []analysis.RelatedInformation
	seen := make(map[*File]bool)
	for _, fix := range fixes {
		for _, e := range fix.TextEdits {
			file := c.files.At(e.Pos)
			if file == nil || seen[file] {
				continue
			}
			seen[file] = true
			if text, err := file.read(c.pass); err == nil {
				sum := sha256.Sum256(text)
				all = append(all, analysis.RelatedInformation{Pos: file.Syntax.FileStart, Message: Source + hex.EncodeToString(sum[:])})
			}
		}
	}
	return all
}

// read returns the text of the file, from which its tree was made.
func (f *File) read(pass *analysis.Pass) ([]byte, error) {
	f.once.Do(func() {
		at := pass.Fset.File(f.Syntax.FileStart)
		f.text, f.err = readFile(pass, at.Name())
		if f.err == nil && !madeFrom(f.Syntax, at, f.text) {
			f.text, f.err = nil, errors.New("the file on disk is another")
		}
	})
	return f.text, f.err
}

// madeFrom reports whether a tree is that of a text. The driver has read the
// file before us, and somebody may have changed it in between.
func madeFrom(tree *ast.File, file *token.File, text []byte) bool {
	if file.Size() != len(text) {
		return false
	}
	fset := token.NewFileSet()
	if file.Base() > 1 {
		fset.AddFile("", 1, file.Base()-2) // so that positions are the same numbers
	}
	again, err := parser.ParseFile(fset, file.Name(), text, parser.ParseComments|parser.SkipObjectResolution)
	return err == nil && fset.File(again.FileStart).Base() == file.Base() && equal(reflect.ValueOf(tree), reflect.ValueOf(again))
}

// equal compares two trees but for what the resolution of names adds.
func equal(a, b reflect.Value) bool {
	if a.Type() != b.Type() {
		return false
	}
	switch a.Kind() {
	case reflect.Pointer:
		switch a.Interface().(type) {
		case *ast.Object, *ast.Scope:
			return true
		}
		return a.IsNil() == b.IsNil() && (a.IsNil() || equal(a.Elem(), b.Elem()))
	case reflect.Interface:
		return a.IsNil() == b.IsNil() && (a.IsNil() || equal(a.Elem(), b.Elem()))
	case reflect.Struct:
		for i := range a.NumField() {
			if a.Type().Field(i).Name != "Unresolved" && !equal(a.Field(i), b.Field(i)) {
				return false
			}
		}
		return true
	case reflect.Slice:
		if a.Len() != b.Len() {
			return false
		}
		for i := range a.Len() {
			if !equal(a.Index(i), b.Index(i)) {
				return false
			}
		}
		return true
	}
	return a.Interface() == b.Interface()
}

// endLines gives the lines of an edit the ends that those around it have.
func (c *check) endLines(e *analysis.TextEdit) error {
	file := c.files.At(e.Pos)
	if file == nil {
		return errors.New("the edit is outside of the package")
	}
	text, err := file.read(c.pass)
	if err != nil {
		return err
	}
	e.NewText = withEnds(text, c.pass.Fset.File(e.Pos).Offset(e.Pos), e.NewText)
	return nil
}

// withEnds returns an inserted text with line ends like that of the line before
// the offset, or of the first line.
func withEnds(text []byte, offset int, inserted []byte) []byte {
	i := bytes.LastIndexByte(text[:offset], '\n')
	if i < 0 {
		i = bytes.IndexByte(text, '\n')
	}
	if i < 1 || text[i-1] != '\r' {
		return inserted
	}
	inserted = bytes.ReplaceAll(inserted, []byte("\r\n"), []byte("\n"))
	return bytes.ReplaceAll(inserted, []byte("\n"), []byte("\r\n"))
}

// maxText is the size, in bytes, up to which files are read that the build leaves out,
// and others where the driver does not say how to read one.
const maxText = 32 << 20

// readFile reads a file as the driver does. Some drivers, such as nogo of Bazel, leave
// that to the checks.
func readFile(pass *analysis.Pass, name string) ([]byte, error) {
	if pass.ReadFile != nil {
		return pass.ReadFile(name)
	}
	return regular.ReadFile(name, maxText)
}

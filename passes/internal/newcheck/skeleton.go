package main

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"text/template"
)

//go:embed skeleton
var skeleton embed.FS

// files are the files of a check by the template that each is made from; NAME
// stands for the name of the check.
var files = []struct{ template, to string }{
	{"doc.tmpl", "doc.go"},
	{"check.tmpl", "NAME.go"},
	{"question.tmpl", "question.go"},
	{"test.tmpl", "NAME_test.go"},
	{"fixture.tmpl", "testdata/src/NAME/NAME.go"},
}

// plain matches what a check may be called: its name is a package, a file, a
// word in comments, and a flag.
var plain = regexp.MustCompile(`^[a-z][a-z0-9]*$`)

// taken are names that mean something else: folders beside the checks, what the
// flag -checks understands, flags of the drivers, and packages that the skeleton
// imports.
var taken = []string{"internal", "testdata", "passes", "main", "core", "extended", "all",
	"flags", "json", "c", "fix", "diff", "test", "debug", "cpuprofile", "memprofile", "trace", "v", "tags",
	"analysis", "passtest", "report", "testing", "verdict"}

func validName(name string) error {
	switch {
	case !plain.MatchString(name):
		return fmt.Errorf("bad name %q: want lower-case letters and digits, such as lostlog", name)
	case token.IsKeyword(name):
		return fmt.Errorf("bad name %q: it is a word of Go", name)
	case slices.Contains(taken, name):
		return fmt.Errorf("bad name %q: it has another meaning", name)
	}
	return nil
}

// write makes the folder of the check in the repository at root, and returns the
// files that it wrote, relative to root. It leaves alone what is there.
func write(root, name string) ([]string, error) {
	if _, err := os.Stat(filepath.Join(root, "passes", "passes.go")); err != nil {
		return nil, errors.New("no passes/passes.go here: run it in the folder of the repository")
	}
	folder := path.Join("passes", name)
	if err := os.Mkdir(filepath.Join(root, folder), 0o777); errors.Is(err, fs.ErrExist) {
		return nil, fmt.Errorf("%s is already there", folder)
	} else if err != nil {
		return nil, err
	}
	var written []string
	for _, f := range files {
		text, err := fill(f.template, name)
		if err != nil {
			return nil, err
		}
		file := path.Join(folder, strings.ReplaceAll(f.to, "NAME", name))
		full := filepath.Join(root, filepath.FromSlash(file))
		if err := os.MkdirAll(filepath.Dir(full), 0o777); err != nil {
			return nil, err
		}
		if err := os.WriteFile(full, text, 0o666); err != nil {
			return nil, err
		}
		written = append(written, file)
	}
	return written, nil
}

// fill returns the text of a template for a check.
func fill(file, name string) ([]byte, error) {
	t, err := template.ParseFS(skeleton, "skeleton/"+file)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	err = t.Execute(&b, name)
	return b.Bytes(), err
}

package main

import (
	"errors"
	"os"
	"path/filepath"
	"strings"

	"github.com/killcheck/killcheck/analyzer/kb"
)

// A fileList is the value of a flag that may be repeated.
type fileList []string

// String returns the names, for package flag.
func (l *fileList) String() string { return strings.Join(*l, " ") }

// Set adds a name, for package flag.
func (l *fileList) Set(name string) error {
	if name == "" {
		return errors.New("a file name is wanted")
	}
	*l = append(*l, name)
	return nil
}

// read returns the rows for the knowledge base in the files, whose names are
// relative to dir. The error lists every wrong line, each with file:line.
func (l fileList) read(dir string) (string, error) {
	var sources []kb.Source
	var all strings.Builder
	for _, name := range l {
		path := name
		if !filepath.IsAbs(path) {
			path = filepath.Join(dir, name)
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return "", err
		}
		sources = append(sources, kb.Source{Name: name, Text: string(data)})
		all.Write(data)
		all.WriteByte('\n')
	}
	if len(sources) == 0 {
		return "", nil
	}
	_, err := kb.Load(sources...)
	return all.String(), err
}

package gclplugin

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/killcheck/killcheck/analyzer/kb"
	"github.com/killcheck/killcheck/internal/regular"
)

// Rows are rows for the knowledge base: the name of a file, or a list of rows.
type Rows struct {
	File string
	List []string
}

// UnmarshalJSON reads a string as the name of a file and a list as rows.
func (r *Rows) UnmarshalJSON(data []byte) error {
	*r = Rows{}
	switch data = bytes.TrimSpace(data); {
	case string(data) == "null":
		return nil
	case bytes.HasPrefix(data, []byte("[")):
		if err := json.Unmarshal(data, &r.List); err != nil {
			return errors.New("\"rows\" is the name of a file or a list of rows")
		}
		return nil
	}
	if err := json.Unmarshal(data, &r.File); err != nil {
		return errors.New("\"rows\" is the name of a file or a list of rows")
	}
	if r.File == "" {
		return errors.New("\"rows\" names no file")
	}
	return nil
}

// maxRows is the size, in bytes, up to which a file with rows is read; as for the flag
// -rows of the command.
const maxRows = 64 << 20

// text returns the rows, once they are known to be right. The error lists every
// wrong row with its file and line, or its place in the list.
func (r Rows) text() (string, error) {
	source := kb.Source{Name: "rows", Text: strings.Join(r.List, "\n")}
	if r.File != "" {
		path, err := find(r.File)
		if err != nil {
			return "", err
		}
		data, err := regular.ReadFile(path, maxRows)
		if err != nil {
			return "", err
		}
		source = kb.Source{Name: r.File, Text: string(data)}
	}
	for i, row := range r.List {
		if strings.ContainsAny(row, "\r\n") {
			return "", fmt.Errorf("rows:%d: an entry of the list is one row", i+1)
		}
	}
	if source.Text == "" {
		return "", nil
	}
	_, err := kb.Load(source)
	return source.Text, err
}

// find looks for a file in the current directory and those above it, as
// golangci-lint does for its configuration.
func find(name string) (string, error) {
	if filepath.IsAbs(name) {
		return name, nil
	}
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		path := filepath.Join(dir, name)
		if _, err := os.Stat(path); err == nil {
			return path, nil
		}
		if dir == filepath.Dir(dir) {
			return "", fmt.Errorf("%s: no such file in the current directory or above it", name)
		}
		dir = filepath.Dir(dir)
	}
}

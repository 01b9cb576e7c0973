package main

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/killcheck/killcheck/analyzer"
	"github.com/killcheck/killcheck/analyzer/kb"
	"github.com/killcheck/killcheck/cmd/killcheck/internal/config"
	"github.com/killcheck/killcheck/internal/regular"
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

// maxRows is the size, in bytes, up to which rows are read. That is half a million of
// them; the built-in ones are two thousand.
const maxRows = 64 << 20

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
		data, err := regular.ReadFile(path, maxRows-int64(all.Len()))
		if err != nil {
			return "", fmt.Errorf("-rows: %w", err)
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

// rowsFlag is the flag of the engine that holds rows for the knowledge base.
const rowsFlag = "rows"

// Rows reach the vet tool in a file, since an argument cannot be long. The argument
// is their hash, which makes them a part of the key under which the go command keeps
// results; the name of the file, in a variable of the environment, is none.
const (
	rowsVariable = "KILLCHECK_ROWS"
	rowsHash     = "sha256:" // begins a value of the flag that is a hash
)

func hashRows(rows []byte) string {
	sum := sha256.Sum256(rows)
	return rowsHash + hex.EncodeToString(sum[:])
}

// rowsFlags returns the flags that give the vet tool more rows; see [shareRows].
func rowsFlags(rows string) []string {
	if rows == "" {
		return nil
	}
	return []string{"-" + analyzer.Analyzer.Name + "." + rowsFlag + "=" + hashRows([]byte(rows))}
}

// sharedRows are the rows of a server, which change with the configuration.
type sharedRows struct {
	mu   sync.Mutex
	envs map[string][]string // by the rows
	done []func()
}

// share is like [shareRows], and writes the same rows once.
func (s *sharedRows) share(rows string) ([]string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if env, ok := s.envs[rows]; ok {
		return env, nil
	}
	env, done, err := shareRows(rows)
	if err != nil {
		return nil, err
	}
	if s.envs == nil {
		s.envs = make(map[string][]string)
	}
	s.envs[rows] = env
	s.done = append(s.done, done)
	return env, nil
}

// remove removes the files.
func (s *sharedRows) remove() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, done := range s.done {
		done()
	}
	s.envs, s.done = nil, nil
}

// shareRows writes rows to a file for the vet tools that are started with env in
// their environment. The caller calls done when the last has ended. The tools look for
// no configuration, whose rows are among these.
func shareRows(rows string) (env []string, done func(), err error) {
	env = []string{config.Variable + "=" + config.Off}
	if rows == "" {
		return env, func() {}, nil
	}
	f, err := os.CreateTemp("", "killcheck-rows-*.kb")
	if err != nil {
		return nil, nil, err
	}
	done = func() { os.Remove(f.Name()) } // what stays is in the temporary directory
	_, err = f.WriteString(rows)
	if err := errors.Join(err, f.Close()); err != nil {
		done()
		return nil, nil, err
	}
	return append(env, rowsVariable+"="+f.Name()), done, nil
}

// expandRows replaces, in the arguments of a vet tool, the hash of rows by the rows.
// It is an error if the file does not hold those that the hash is of.
func expandRows(args []string) error {
	for i, arg := range args {
		name, hash, _ := strings.Cut(arg, "=")
		if strings.TrimLeft(name, "-") != analyzer.Analyzer.Name+"."+rowsFlag || !strings.HasPrefix(hash, rowsHash) {
			continue
		}
		file := os.Getenv(rowsVariable)
		if file == "" {
			return fmt.Errorf("%s has to name the file with the rows of %s", rowsVariable, hash)
		}
		rows, err := regular.ReadFile(file, maxRows+1) // a newline more than was read
		if err != nil {
			return fmt.Errorf("%s: %w", rowsVariable, err)
		}
		if hashRows(rows) != hash {
			return fmt.Errorf("%s: %s does not hold the rows of %s", rowsVariable, file, hash)
		}
		args[i] = name + "=" + string(rows)
	}
	return nil
}

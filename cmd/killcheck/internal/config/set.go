package config

import (
	"path/filepath"
	"slices"
	"sync"

	"github.com/killcheck/killcheck/cmd/killcheck/internal/selection"
)

// A Set reads the files of the modules that are analysed, each once. It may be used
// by several goroutines.
type Set struct {
	checks []selection.Check
	show   string
	named  string // the file to use instead of all that are found; Off for none

	mu   sync.Mutex
	dirs map[string]string  // the file of a directory
	read map[string]*Config // by file
}

// NewSet returns a set. Errors name files relative to the directory show. The file
// named, or Off, is used instead of what is found, unless it is empty.
func NewSet(checks []selection.Check, show, named string) *Set {
	return &Set{checks: checks, show: show, named: named, dirs: make(map[string]string), read: make(map[string]*Config)}
}

// For returns the configuration of the code in a directory; nil if there is none.
func (s *Set) For(dir string) (*Config, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	file, ok := s.dirs[dir]
	if !ok {
		switch s.named {
		case Off:
		case "":
			var err error
			if file, err = Find(dir); err != nil {
				return nil, err
			}
		default:
			file = s.named
		}
		s.dirs[dir] = file
	}
	if file == "" {
		return nil, nil
	}
	if c, ok := s.read[file]; ok {
		return c, nil
	}
	c, err := Read(file, s.show, s.checks)
	if err == nil {
		s.read[file] = c
	}
	return c, err
}

// Of returns the configuration for a file of source, or nil. Its directory has been
// asked for before, so that there is no error.
func (s *Set) Of(file string) *Config {
	c, err := s.For(filepath.Dir(file))
	if err != nil {
		return nil
	}
	return c
}

// All returns the configurations that were read, sorted by file.
func (s *Set) All() []*Config {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []*Config
	for _, c := range s.read {
		all = append(all, c)
	}
	slices.SortFunc(all, func(a, b *Config) int {
		switch {
		case a.File < b.File:
			return -1
		case a.File > b.File:
			return 1
		}
		return 0
	})
	return all
}

// Package config reads .killcheck.yaml, in which a team says once what is analysed,
// what is shown, and what its own libraries do. Every driver heeds it.
package config

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/killcheck/killcheck/cmd/killcheck/internal/selection"
	"github.com/killcheck/killcheck/internal/regular"
)

// Name is the name of the file.
const Name = ".killcheck.yaml"

// other is a name that users may give it.
const other = ".killcheck.yml"

// Variable names the environment variable that holds the path of a file to use
// instead of the one that is found, or "off" for none.
const Variable = "KILLCHECK_CONFIG"

// Off stands for no file.
const Off = "off"

// maxConfig is the size, in bytes, up to which a file is read.
const maxConfig = 1 << 20

// A Config is what a file says. The zero Config, and nil, say nothing.
type Config struct {
	File string // absolute
	Hash string // of the file, and of those with rows that it names
	Rows []Row  // those of the sections are among them

	RowFiles []string // absolute; those with rows that it names

	checks   selection.Selection
	tests    *bool
	exclude  []pattern
	severity map[string]Severity // by check or tier
	paths    []rule
}

// A Row is one of the knowledge base.
type Row struct {
	At     string // file:line:col, for errors
	Text   string
	Symbol string
}

// A rule is what holds for some paths only.
type rule struct {
	paths    []pattern
	checks   selection.Selection // nil if it says nothing of them
	tests    *bool
	severity map[string]Severity
}

// A Severity is how bad a finding is.
type Severity string

// The severities. That of the core is warning, that of the extended tier note.
const (
	Error   Severity = "error"
	Warning Severity = "warning"
	Note    Severity = "note"
)

// Severities are all of them.
func Severities() []string { return []string{string(Error), string(Warning), string(Note)} }

// Find returns the file for the code in a directory: that of its module, or the
// closest one above it in the same repository; "" if there is none. The directory
// itself counts where there is no module.
func Find(dir string) (string, error) {
	switch named := os.Getenv(Variable); named {
	case "":
	case Off:
		return "", nil
	default:
		return filepath.Abs(named)
	}
	first := moduleOf(dir)
	found := ""
	for d := first; ; d = filepath.Dir(d) {
		name := filepath.Join(d, Name)
		_, err := os.Stat(name)
		switch {
		case err == nil && found == "":
			found = name
		case err != nil && !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, fs.ErrPermission):
			return "", err
		case err != nil && found == "" && d == first:
			if _, err := os.Stat(filepath.Join(d, other)); err == nil {
				return "", fmt.Errorf("%s: the name of the file has to be %s", filepath.Join(d, other), Name)
			}
		}
		if _, err := os.Stat(filepath.Join(d, ".git")); err == nil {
			return found, nil
		}
		if d == filepath.Dir(d) {
			break
		}
	}
	if filepath.Dir(found) != first {
		return "", nil // no repository: what lies above may be anybody's
	}
	return found, nil
}

// moduleOf returns the root of the module of a directory, or the directory.
func moduleOf(dir string) string {
	for d := dir; ; d = filepath.Dir(d) {
		if info, err := os.Stat(filepath.Join(d, "go.mod")); err == nil && info.Mode().IsRegular() {
			return d
		}
		if d == filepath.Dir(d) {
			return dir
		}
	}
}

// Read reads a file. The error lists all that is wrong, each with file:line:col. The
// name of the file in errors is relative to the directory show, if it lies there.
func Read(file, show string, checks []selection.Check) (*Config, error) {
	data, err := regular.ReadFile(file, maxConfig)
	if err != nil {
		return nil, err
	}
	r := &reader{
		config: &Config{File: file}, shown: shorter(file, show), dir: filepath.Dir(file), checks: checks,
		sum: sha256.New(),
	}
	r.sum.Write(data)
	r.read(data)
	r.config.Hash = hex.EncodeToString(r.sum.Sum(nil))
	if len(r.errs) > 0 {
		return nil, errors.Join(r.errs...)
	}
	return r.config, nil
}

func shorter(file, dir string) string {
	if rel, err := filepath.Rel(dir, file); err == nil && filepath.IsLocal(rel) {
		return rel
	}
	return file
}

// path returns a path below the directory of the file, slash-separated.
func (c *Config) path(file string) (string, bool) {
	rel, err := filepath.Rel(filepath.Dir(c.File), file)
	return filepath.ToSlash(rel), err == nil && filepath.IsLocal(rel)
}

// Shows reports whether a finding is wanted: not on a path that is left out, nor in
// tests if they are, and by a check that is on. Overrides win over the file.
func (c *Config) Shows(o Overrides, file, check string, extended bool) bool {
	sel, wanted := c.look(o, file)
	return wanted && sel.Shows(check, extended)
}

// Wants reports whether a file is to be looked at.
func (c *Config) Wants(o Overrides, file string) bool {
	_, wanted := c.look(o, file)
	return wanted
}

// look returns which findings are shown in a file, and whether it is looked at.
func (c *Config) look(o Overrides, file string) (sel selection.Selection, wanted bool) {
	sel, tests := o.Default, true
	if c != nil {
		if c.checks != nil {
			sel = c.checks
		}
		if c.tests != nil {
			tests = *c.tests
		}
		rel, below := c.path(file)
		if below && matches(c.exclude, rel) {
			return sel, false
		}
		for _, r := range c.paths {
			if !below || !matches(r.paths, rel) {
				continue
			}
			if r.checks != nil {
				sel = r.checks
			}
			if r.tests != nil {
				tests = *r.tests
			}
		}
	}
	if o.Checks != nil {
		sel = o.Checks
	}
	if o.Tests != nil {
		tests = *o.Tests
	}
	return sel, tests || !strings.HasSuffix(file, "_test.go")
}

// Overrides are what flags say.
type Overrides struct {
	Default selection.Selection // without a word on checks in the file
	Checks  selection.Selection // nil: as the file says
	Tests   *bool
}

// LessCertain reports whether somewhere findings are wanted of which a check of the
// core is less sure.
func (c *Config) LessCertain(checks []selection.Check) bool {
	if c == nil {
		return false
	}
	less := c.checks.LessCertain(checks)
	for _, r := range c.paths {
		less = less || r.checks.LessCertain(checks)
	}
	return less
}

// Any reports whether a check is on for some path; core says that it is unless the
// file says otherwise.
func (c *Config) Any(check string, core bool) bool {
	if c == nil || c.checks == nil && core {
		return core
	}
	on := c.checks.Any(check)
	for _, r := range c.paths {
		on = on || r.checks.Any(check)
	}
	return on
}

// Severity returns the severity of a finding: what the file says of the check, or of
// its tier, the last rule for the path first; else that of the tier.
func (c *Config) Severity(file, check string, extended bool) Severity {
	tier, severity := selection.Core, Warning
	if extended {
		tier, severity = selection.Extended, Note
	}
	if c == nil {
		return severity
	}
	said := func(m map[string]Severity) {
		for _, name := range []string{selection.All, tier, check} {
			if s, ok := m[name]; ok {
				severity = s
			}
		}
	}
	said(c.severity)
	if rel, below := c.path(file); below {
		for _, r := range c.paths {
			if matches(r.paths, rel) {
				said(r.severity)
			}
		}
	}
	return severity
}

// Text returns the rows as text for the knowledge base.
func (c *Config) Text() string {
	if c == nil {
		return ""
	}
	var b strings.Builder
	for _, r := range c.Rows {
		fmt.Fprintln(&b, r.Text)
	}
	return b.String()
}

package main

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/mod/modfile"

	"github.com/killcheck/killcheck/analyzer"
	"github.com/killcheck/killcheck/cmd/killcheck/internal/config"
	"github.com/killcheck/killcheck/internal/regular"
)

// printVersion answers -V=full where there is a configuration: its hash becomes a part
// of the version, and that a part of the key under which the go command keeps results,
// so that none is older than the configuration. It reports false where there is none,
// or where something fails: then the version is that of the program alone, and the
// units tell what is wrong.
func (s suite) printVersion(w io.Writer) bool {
	dir, err := os.Getwd()
	if err != nil {
		return false
	}
	sum := sha256.New()
	found := false
	for _, d := range append([]string{dir}, workspaceModules(dir)...) {
		file, err := config.Find(d)
		if file == "" && err == nil {
			continue
		}
		found = true
		hash := "broken"
		if c, err := config.Read(file, dir, s.selectable()); err == nil {
			hash = c.Hash
		}
		fmt.Fprintf(sum, "%s %s\n", file, hash)
	}
	self, err := os.Executable()
	if err != nil || !found {
		return false
	}
	f, err := os.Open(self)
	if err != nil {
		return false
	}
	defer f.Close()
	if _, err := io.Copy(sum, f); err != nil {
		return false
	}
	fmt.Fprintf(w, "killcheck version devel configured buildID=%s\n", hex.EncodeToString(sum.Sum(nil)))
	return true
}

// maxWork is the size, in bytes, up to which a go.work is read.
const maxWork = 1 << 20

// workspaceModules returns the directories of the modules of the workspace that a
// directory lies in.
func workspaceModules(dir string) []string {
	file := os.Getenv("GOWORK")
	for d := dir; file == ""; d = filepath.Dir(d) {
		name := filepath.Join(d, "go.work")
		if _, err := os.Stat(name); err == nil {
			file = name
		} else if d == filepath.Dir(d) {
			return nil
		}
	}
	data, err := regular.ReadFile(file, maxWork)
	if err != nil {
		return nil // "off", or what the go command complains of
	}
	work, err := modfile.ParseWork(file, data, nil)
	if err != nil {
		return nil
	}
	var dirs []string
	for _, use := range work.Use {
		path := filepath.FromSlash(use.Path)
		if !filepath.IsAbs(path) {
			path = filepath.Join(filepath.Dir(file), path)
		}
		dirs = append(dirs, path)
	}
	return dirs
}

// ofMain reports whether a unit belongs to a module that is worked on. Only such a
// one has a configuration.
func (u *unit) ofMain() bool {
	version := u.ModuleVersion
	if u.Module != nil {
		var module struct{ Version string }
		if err := json.Unmarshal(*u.Module, &module); err != nil {
			return false
		}
		version = module.Version
	}
	return version == "" && !u.standard() && !u.downloaded()
}

// configure makes the tool heed the configuration of a unit. It returns the flags
// that turn checks off, which are those given unless the configuration decides.
func (s suite) configure(u *unit, args, off []string) ([]string, error) {
	if !u.ofMain() {
		return off, nil
	}
	file, err := config.Find(u.Dir)
	if file == "" || err != nil {
		return off, err
	}
	cfg, err := config.Read(file, u.Dir, s.selectable())
	if err != nil {
		return off, err
	}
	over := config.Overrides{}
	if over.Default, err = s.choose(tierCore); err != nil {
		return off, err
	}
	if s.named(args) {
		if over.Checks, err = s.choose("all"); err != nil {
			return off, err
		}
	} else {
		off = []string{"-" + s.census.Name + "=false"}
		for _, c := range s.checks {
			if !cfg.Any(c.name, c.tier == tierCore) {
				off = append(off, "-"+c.name+"=false")
			}
		}
	}
	rows := cfg.Text()
	if !slices.ContainsFunc(args, func(arg string) bool {
		return strings.HasPrefix(strings.TrimLeft(arg, "-"), analyzer.Analyzer.Name+"."+rowsFlag+"=")
	}) {
		err = analyzer.Analyzer.Flags.Set(rowsFlag, rows)
	}
	for _, c := range s.checks {
		err = errors.Join(err, config.Filter(c.analyzer, cfg, over, s.selectable()))
	}
	return off, err
}

// named reports whether the arguments choose checks or tiers.
func (s suite) named(args []string) bool {
	return slices.ContainsFunc(s.checks, func(c check) bool {
		return asksFor(args, c.name) || asksFor(args, c.name+".extended")
	})
}

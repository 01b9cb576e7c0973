package main

import (
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/killcheck/killcheck/cmd/killcheck/internal/cli"
)

// place fits the patterns to where the go command runs: outside of modules it takes
// files, and at the root of a workspace it wants to know which modules are meant.
func (w *workspace) place(ctx context.Context, gomod, gowork string) error {
	if gomod != os.DevNull {
		return nil // a module, or no modules at all
	}
	if w.single {
		w.asFiles()
		return nil
	}
	if gowork == "" || gowork == "off" {
		return nil
	}
	out, err := w.goCommand().Output(ctx, "list", "-m", "-f", "{{.Dir}}")
	if err != nil {
		return err
	}
	modules := strings.Split(strings.ReplaceAll(strings.TrimSpace(string(out)), "\r\n", "\n"), "\n")
	var patterns []string
	for _, p := range w.patterns {
		patterns = append(patterns, w.expand(p, modules)...)
	}
	w.patterns = patterns
	if slices.Equal(w.patterns, []string{"."}) {
		return fmt.Errorf("no module here, but a workspace: %q looks at all of its modules", "killcheck ./...")
	}
	return nil
}

// asFiles makes the named files a package of their own, as go vet does.
func (w *workspace) asFiles() {
	w.patterns = nil
	for _, file := range slices.Sorted(maps.Keys(w.files)) {
		w.patterns = append(w.patterns, filepath.Base(file))
	}
}

// expand turns a pattern for all below a directory that lies in no module into
// patterns for the modules that lie below it.
func (w *workspace) expand(pattern string, modules []string) []string {
	dir, ok := strings.CutSuffix(filepath.ToSlash(pattern), "/...")
	if !ok || !strings.HasPrefix(dir, ".") && !filepath.IsAbs(dir) {
		return []string{pattern}
	}
	dir = w.abs(dir)
	var below []string
	for _, module := range modules {
		if inside(dir, module) {
			return []string{pattern}
		}
		if inside(module, dir) {
			below = append(below, filepath.Join(module, "..."))
		}
	}
	if len(below) == 0 {
		return []string{pattern} // the go command says what is wrong
	}
	return below
}

// unknownWord says what may be meant by an argument that is no package: the user
// may have thought of a command. It is nil if the argument looks like a package.
func (w *workspace) unknownWord(path string, commands []string) error {
	if !slices.Contains(w.patterns, path) || strings.Trim(path, "abcdefghijklmnopqrstuvwxyz-") != "" {
		return nil
	}
	if slices.Contains(commands, path) {
		return usagef("the command comes first: killcheck %s, and then its flags", path)
	}
	return usagef("%q is neither a command nor a package%s", path, cli.Hint(path, commands))
}

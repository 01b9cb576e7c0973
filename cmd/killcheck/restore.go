package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/killcheck/killcheck/cmd/killcheck/internal/affected"
	"github.com/killcheck/killcheck/cmd/killcheck/internal/vetjson"
)

// A history is what is known of a revision.
type history struct {
	units []*affected.Unit
	tree  *affected.Tree
	graph *affected.Graph
}

// maxRestored is how many files that have changed are looked at. With more there is
// hardly a package left that could be left out.
const maxRestored = 2000

// oldBlob returns which contents a line of git diff --raw names for the side of the
// revision; "" if there was no file. It reports false if it was no regular one, or the
// file is in conflict.
func oldBlob(line string) (string, bool) {
	fields := strings.Fields(strings.TrimPrefix(line, ":"))
	if len(fields) != 5 {
		return "", false
	}
	regular := func(mode string) bool { return mode == "100644" || mode == "100755" }
	old, now, status := fields[0], fields[1], fields[4]
	switch {
	case status == "A" && regular(now):
		return "", true
	case status == "M" && regular(old) && regular(now), status == "D" && regular(old):
		return fields[2], true
	}
	return "", false
}

// contents returns the contents of files by the blobs that hold them, nil for "".
// Files that git would change on the way to the working tree are left out. If git has
// not all of them, or says something else, nothing is known.
func (g *repository) contents(ctx context.Context, blobs map[string]string) map[string][]byte {
	if len(blobs) == 0 || len(blobs) > maxRestored {
		return nil
	}
	for _, attribute := range []string{"filter", "ident", "working-tree-encoding"} {
		altered, err := g.run(ctx, "ls-files", "-z", "--cached", "--", ":(glob)**/*.go", ":(exclude,attr:!"+attribute+")")
		if err != nil {
			return nil
		}
		for name := range strings.SplitSeq(altered, "\x00") {
			delete(blobs, name)
		}
	}
	all := make(map[string][]byte)
	var names []string
	var ask strings.Builder
	for name, blob := range blobs {
		if all[name] = nil; blob != "" {
			names = append(names, name)
			ask.WriteString(blob + "\n")
		}
	}
	text, err := g.feed(ctx, ask.String(), "cat-file", "--batch")
	if err != nil {
		return nil
	}
	for _, name := range names {
		head, rest, _ := strings.Cut(text, "\n")
		fields := strings.Fields(head)
		if len(fields) != 3 || fields[1] != "blob" {
			return nil
		}
		size, err := strconv.Atoi(fields[2])
		if err != nil || size < 0 || len(rest) < size+1 {
			return nil
		}
		all[name], text = []byte(rest[:size]), rest[size+1:]
	}
	return all
}

// leaveOut finds out which of the packages that can have other findings cannot, since
// all they import is to them what it was at the revision: its types, and what is known
// of its functions. Both are asked of go vet, once as things are and once with the
// files of the revision laid over. So what the build cache holds of either is used,
// the packages that have not changed are shared, and what was learned of things as
// they are is there when their importers are analysed.
func (r *request) leaveOut(ctx context.Context) error {
	if r.affected == nil || len(r.overlay) > 0 {
		return nil
	}
	dir, err := os.MkdirTemp("", "killcheck-changed-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	old, err := r.history.restore(dir)
	if err != nil {
		return err
	}
	same := make(map[string]bool)
	for {
		wave := r.history.graph.Next(same)
		if len(wave) == 0 {
			break
		}
		now, err := r.known(ctx, dir, wave, nil)
		if err != nil {
			return err
		}
		then, err := r.known(ctx, dir, wave, old)
		if err != nil {
			return err
		}
		for _, u := range wave {
			is := now[u.ImportPath] != "" && now[u.ImportPath] == then[u.ImportPath]
			same[u.ImportPath] = is
			r.log("%s to its importers: %s", map[bool]string{true: "the same", false: "not the same"}[is], u.ImportPath)
		}
	}
	all := len(r.affected)
	r.affected = r.history.graph.Paths(same)
	if left := all - len(r.affected); left > 0 {
		r.log("%s left out: what they import is to them as it was", counted(left, "importer", "importers"))
	}
	return nil
}

// restore writes the files of the revision, and returns which file takes the place of
// which. Each gets a comment at its end: so no result that names it is kept under the
// key of a file that a run at the revision would have.
func (h *history) restore(dir string) (map[string]string, error) {
	replaced := make(map[string]string)
	for name, text := range h.tree.Old {
		path := filepath.Join(h.tree.Root, filepath.FromSlash(name))
		if text == nil {
			replaced[path] = ""
			continue
		}
		folder := filepath.Join(dir, strconv.Itoa(len(replaced)))
		if err := os.Mkdir(folder, 0o777); err != nil {
			return nil, err
		}
		replaced[path] = filepath.Join(folder, filepath.Base(path))
		if err := os.WriteFile(replaced[path], append(bytes.Clone(text), "\n//\n"...), 0o666); err != nil {
			return nil, err
		}
	}
	return replaced, nil
}

// known returns, for each of some packages without their tests, a hash of what its
// importers know of it; none for those that cannot be analysed. Files of which replaced
// says so are replaced.
func (r *request) known(ctx context.Context, dir string, units []*affected.Unit, replaced map[string]string) (map[string]string, error) {
	overlay := struct{ Replace map[string]string }{make(map[string]string)}
	for path, other := range replaced {
		overlay.Replace[path] = other
	}
	var paths []string
	hashes := make(map[string]string)
	for _, u := range units {
		paths = append(paths, u.ImportPath)
		for _, file := range slices.Concat(u.TestGoFiles, u.XTestGoFiles) {
			overlay.Replace[filepath.Join(u.Dir, file)] = ""
		}
		for path := range replaced {
			if filepath.Dir(path) == u.Dir && strings.HasSuffix(path, "_test.go") {
				overlay.Replace[path] = ""
			}
		}
	}
	text, err := json.Marshal(overlay)
	if err != nil {
		return nil, err
	}
	list := filepath.Join(dir, "overlay.json")
	if err := os.WriteFile(list, text, 0o666); err != nil {
		return nil, err
	}
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	args := slices.Concat(r.vetFlags(), []string{"-overlay=" + list}, paths)
	_, err = r.goCommand().Vet(ctx, self, false, args, func(u vetjson.Unit) {
		for _, d := range u.Diagnostics {
			if hash, ok := strings.CutPrefix(d.Message, censusMessage+" "); ok && d.Category == r.suite.census.Name {
				hashes[u.ID] = hash
			}
		}
	})
	if exit := new(exec.ExitError); err != nil && !errors.As(err, &exit) {
		return nil, err
	}
	return hashes, nil
}

package main

import (
	"context"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/killcheck/killcheck/cmd/killcheck/internal/affected"
)

// selectChanged finds out which packages can have other findings than at a revision.
func (r *request) selectChanged(ctx context.Context, o *options) error {
	if d := os.Getenv("GOPACKAGESDRIVER"); d != "" && d != "off" {
		return errors.New("GOPACKAGESDRIVER is set, and only the go command tells what it takes")
	}
	g, err := openRepository(ctx, repositoryRoot(r.dir))
	if err != nil {
		return err
	}
	if r.since, err = g.resolve(ctx, o.changed); err != nil {
		return err
	}
	tree, err := g.tree(ctx, r.since)
	if err != nil {
		return err
	}
	args := append([]string{"list", "-deps", "-test", "-e", "-json=" + affected.Fields}, r.flags...)
	out, err := r.goCommand().Output(ctx, append(append(args, "--"), r.patterns...)...)
	if err != nil {
		return err
	}
	units, err := affected.Read(out)
	if err != nil {
		return err
	}
	files, err := r.settings(o, units)
	if err != nil {
		return err
	}
	why := tree.All(units, files, r.caches)
	if r.overlaid {
		why = "GOFLAGS has an overlay"
	}
	if why != "" {
		r.log("all packages can have other findings than at %s: %s", o.changed, why)
		return nil
	}
	s := &affected.Selection{Tree: tree, Caches: r.caches, Overlay: make(map[string]bool)}
	for file := range r.overlay {
		s.Overlay[file] = true
	}
	r.history = &history{units: units, tree: tree, graph: s.Graph(units)}
	r.affected = r.history.graph.Paths(nil)
	return nil
}

// sayChanged says what -changed takes.
func (r *request) sayChanged(o *options) {
	if r.affected == nil {
		return
	}
	named := slices.DeleteFunc(slices.Sorted(maps.Keys(r.affected)), func(path string) bool {
		return !slices.ContainsFunc(r.history.units, func(u *affected.Unit) bool { return u.ImportPath == path && !u.DepOnly })
	})
	r.log("%s can have other findings than at %s: %s", counted(len(named), "package", "packages"), o.changed, strings.Join(named, " "))
}

// settings returns the files on which all packages depend, besides those that tell by
// their names.
func (r *request) settings(o *options, units []*affected.Unit) ([]string, error) {
	var files []string
	for _, name := range append([]string{o.baseline, o.overlay, o.modfile}, o.rows...) {
		if name != "" {
			files = append(files, r.abs(name))
		}
	}
	if r.gowork != "" {
		files = append(files, r.gowork)
	}
	for _, u := range units {
		if !u.DepOnly && u.Dir != "" {
			if _, err := r.configs.For(u.Dir); err != nil {
				return nil, err
			}
		}
	}
	for _, c := range r.configs.All() {
		files = append(append(files, c.File), c.RowFiles...)
	}
	return files, nil
}

// tree asks git for the files of the working tree, and which of them differ from a
// revision.
func (g *repository) tree(ctx context.Context, hash string) (*affected.Tree, error) {
	root, err := g.run(ctx, "rev-parse", "--show-toplevel")
	if err != nil {
		return nil, err
	}
	t := &affected.Tree{Known: make(map[string]bool), Changed: make(map[string]bool), Old: make(map[string][]byte)}
	if t.Root, err = filepath.EvalSymlinks(filepath.FromSlash(strings.TrimRight(root, "\r\n"))); err != nil {
		return nil, err
	}
	g = &repository{dir: t.Root, env: g.env}
	differ, err := g.run(ctx, "diff", "--no-ext-diff", "--no-textconv", "--raw", "--no-abbrev", "-z", "--no-color", "--no-renames", "--no-relative",
		"--ignore-submodules=all", "-O/dev/null", hash, "--")
	if err != nil {
		return nil, err
	}
	known, err := g.run(ctx, "ls-files", "-z", "-v", "--cached")
	if err != nil {
		return nil, err
	}
	blobs := make(map[string]string)
	fields := strings.Split(differ, "\x00")
	for i := 0; i+1 < len(fields); i += 2 {
		name := fields[i+1]
		t.Changed[name] = true
		if blob, ok := oldBlob(fields[i]); ok && strings.HasSuffix(name, ".go") {
			blobs[name] = blob
		}
	}
	for entry := range strings.SplitSeq(known, "\x00") {
		tag, name, ok := strings.Cut(entry, " ")
		if !ok {
			continue
		}
		t.Known[name] = true
		if tag != "H" {
			t.Changed[name] = true // git was told not to look at it, or it is in conflict
			delete(blobs, name)
		}
	}
	t.Old = g.contents(ctx, blobs)
	return t, ctx.Err()
}

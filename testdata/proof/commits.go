package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// commits shows that killcheck reports, in the commit before each fix of a leak,
// the line that leaks, and no longer does so in the fix. The repositories are
// clones in the folder of the -repos flag; files of the commits are written to a
// scratch folder.
func commits(e *env) (*outcome, error) {
	if e.repos == "" {
		return nil, errors.New("commits: the -repos flag must name a folder with clones of the repositories")
	}
	rows, err := readTable(filepath.Join(e.dir, "commits", "commits.tsv"), 6)
	if err != nil {
		return nil, err
	}
	o := &outcome{}
	t := newTable("repository", "fix", "package", "where", "expected", "parent", "fix")
	var loads, hits int
	for _, row := range rows {
		c := commit{repo: row[0], fix: row[1], pkg: row[2], checks: row[4], how: row[5]}
		name, line, _ := strings.Cut(row[3], ":")
		c.file = name
		if c.line, err = strconv.Atoi(line); err != nil {
			return nil, fmt.Errorf("%s %s: %w", c.repo, c.fix, err)
		}
		e.sayf("commits: %s %s", c.repo, c.fix)
		parent, fix := c.judge(e, o)
		t.row(c.repo, c.fix, c.pkg, row[3], c.checks, parent, fix)
		if parent != unloaded && fix != unloaded {
			loads++
		}
		if parent == "reported" && fix == "silent" {
			hits++
		}
	}
	t.flush()
	fmt.Printf("commits: %d rows, both commits load %d, reported on the parent and silent on the fix %d\n", len(rows), loads, hits)
	return o, nil
}

// A commit is one fix of a leak.
type commit struct {
	repo, fix, pkg, file string
	line                 int    // in the parent
	checks               string // of which one is expected there
	how                  string // how its packages load: see load
}

const unloaded = "does not load"

// judge says what is reported on the parent and on the fix.
func (c *commit) judge(e *env, o *outcome) (parent, fix string) {
	before, err := c.load(e, c.fix+"^")
	if err != nil {
		o.shortf("%s %s: parent: %v", c.repo, c.fix, err)
		return unloaded, "-"
	}
	after, err := c.load(e, c.fix)
	if err != nil {
		o.shortf("%s %s: fix: %v", c.repo, c.fix, err)
		return "-", unloaded
	}
	parent, fix = "-", "silent"
	for _, f := range before {
		if filepath.Base(f.File) != c.file || f.Line != c.line || !slices.Contains(strings.Split(c.checks, ","), f.Check) {
			continue
		}
		parent = "reported"
		if c.count(after, f) >= c.count(before, f) {
			fix = "reported"
		}
		break
	}
	if parent != "reported" {
		o.shortf("%s %s: want %s at %s:%d, got: %s", c.repo, c.fix, c.checks, c.file, c.line, describe(before))
	}
	if fix != "silent" {
		o.shortf("%s %s: fix: %s", c.repo, c.fix, describe(after))
	}
	return parent, fix
}

// count returns how many of the findings say the same of the same file as f.
func (c *commit) count(all []finding, f finding) int {
	n := 0
	for _, x := range all {
		if x.Check == f.Check && x.Message == f.Message && filepath.Base(x.File) == c.file {
			n++
		}
	}
	return n
}

// load checks the package as it is in the revision. The way depends on how:
//
//	mod [FOLDER]          FOLDER, or the top, has a go.mod
//	init PATH [MODULE@VERSION ...]
//	                      there is none: one with the module path PATH is made,
//	                      which requires the modules, and others as they are needed
//	gopath PATH [FOLDER]  there is none: GOPATH mode at PATH, where vendor stands
//	                      at the top or in FOLDER
func (c *commit) load(e *env, rev string) ([]finding, error) {
	tmp := filepath.Join(e.tmp, "commits", c.repo) // the same for all, which the build cache likes
	if err := os.RemoveAll(tmp); err != nil {
		return nil, err
	}
	how := append(strings.Fields(c.how), "", "")
	root, pkg := filepath.Join(tmp, "src"), c.pkg
	if how[0] != "mod" {
		root = filepath.Join(root, filepath.FromSlash(how[1]))
	}
	if err := c.write(e, rev, root); err != nil {
		return nil, err
	}
	tool := e.tool
	tool.env = []string{"GOWORK=off", "GOFLAGS=-buildvcs=false -mod=mod"}
	switch how[0] {
	case "mod":
		root = filepath.Join(root, how[1])
		pkg = strings.TrimPrefix(pkg, how[1]+"/")
	case "init":
		text := "module " + how[1] + "\n\ngo 1.17\n"
		for _, m := range strings.Fields(c.how)[2:] {
			text += "require " + strings.ReplaceAll(m, "@", " ") + "\n"
		}
		if err := write(filepath.Join(root, "go.mod"), text); err != nil {
			return nil, err
		}
	case "gopath":
		tool.env = []string{"GO111MODULE=off", "GOPATH=" + tmp + string(filepath.ListSeparator) + filepath.Join(root, "Godeps", "_workspace"), "GOFLAGS=-buildvcs=false"}
		if how[2] != "" {
			if err := os.Rename(filepath.Join(root, how[2], "vendor"), filepath.Join(root, "vendor")); err != nil {
				return nil, err
			}
		}
	default:
		return nil, fmt.Errorf("unknown way to load: %q", c.how)
	}
	list := exec.Command("go", "list", "-e", "-deps", "./"+pkg) // fetches what is missing
	list.Dir, list.Env = root, append(os.Environ(), tool.env...)
	if out, err := list.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("go list: %w: %s", err, firstError(out))
	}
	return tool.findings(root, "-tests=false", "./"+pkg)
}

// write writes the Go files of the revision below dir, and what they embed.
func (c *commit) write(e *env, rev, dir string) error {
	index, err := os.MkdirTemp(e.tmp, "index")
	if err != nil {
		return err
	}
	defer os.RemoveAll(index)
	git := func(in []byte, args ...string) ([]byte, error) {
		cmd := exec.Command("git", args...)
		cmd.Dir = filepath.Join(e.repos, c.repo)
		cmd.Env = append(os.Environ(), "GIT_INDEX_FILE="+filepath.Join(index, "index"))
		cmd.Stdin = bytes.NewReader(in)
		var errs bytes.Buffer
		cmd.Stderr = &errs
		out, err := cmd.Output()
		if err != nil {
			return nil, fmt.Errorf("git %s: %w: %s", args[0], err, firstError(errs.Bytes()))
		}
		return out, nil
	}
	checkout := func(patterns ...string) error {
		files, err := git(nil, append([]string{"ls-files", "-z", "--"}, patterns...)...)
		if err != nil {
			return err
		}
		_, err = git(files, "checkout-index", "-z", "--stdin", "-f", "--prefix="+dir+string(filepath.Separator))
		return err
	}
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return err
	}
	if _, err := git(nil, "read-tree", rev); err != nil {
		return err
	}
	if err := checkout("*.go", "*.s", "*.h", "*.c", "*go.mod", "*go.sum", "*modules.txt"); err != nil {
		return err
	}
	folders, err := embedding(dir)
	if err != nil || len(folders) == 0 {
		return err
	}
	return checkout(folders...)
}

// embedding returns the folders below dir in which Go files embed others.
func embedding(dir string) ([]string, error) {
	var folders []string
	err := filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(name) != ".go" {
			return err
		}
		text, err := os.ReadFile(name)
		if err != nil || !bytes.Contains(text, []byte("\n//go:embed ")) {
			return err
		}
		rel, err := filepath.Rel(dir, filepath.Dir(name))
		folders = append(folders, filepath.ToSlash(rel))
		return err
	})
	return folders, err
}

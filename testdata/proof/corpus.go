package main

import (
	"bytes"
	"cmp"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// A corpus is what people judged of the findings in one repository at one
// commit. Its file is described in testdata/corpus/README.md.
type corpus struct {
	file    string
	repo    string   // owner/name, or std: the standard library of the toolchain
	commit  string   // full hash, or the version of the toolchain
	modules []string // folders, relative to the root
	rows    map[site]judgement
}

// A site is where a finding stands.
type site struct{ posn, check string }

// A judgement is what somebody found who read a finding.
type judgement struct{ tier, verdict, reason string }

// corpora runs all checks on the repositories in e.repos and compares what they
// report with what was judged.
func corpora(e *env) (*outcome, error) {
	files, err := filepath.Glob(filepath.Join(e.dir, "corpus", "*.tsv"))
	if err != nil || len(files) == 0 {
		return nil, fmt.Errorf("no files in testdata/corpus: %v", err)
	}
	o := &outcome{}
	t := newTable("repository", "tier", "findings", "true", "intended", "false", "not judged", "gone")
	total := map[string]*shares{"core": {}, "extended": {}}
	for _, file := range files {
		c, err := readCorpus(file)
		if err != nil {
			return nil, err
		}
		e.sayf("corpus: %s", filepath.Base(file))
		dir, err := c.folder(e.repos)
		if err != nil {
			return nil, err
		}
		if _, err := os.Stat(dir); err != nil {
			o.breakf("%s is not in %s", c.repo, e.repos)
			continue
		}
		found, err := c.run(e.tool, dir)
		if err != nil {
			o.breakf("%s: %v", c.repo, err)
			continue
		}
		for _, tier := range []string{"core", "extended"} {
			n := c.compare(o, tier, found[tier])
			total[tier].add(n)
			t.row(append([]string{c.repo, tier}, n.cells()...)...)
		}
	}
	for _, tier := range []string{"core", "extended"} {
		t.row(append([]string{"all", tier}, total[tier].cells()...)...)
	}
	t.flush()
	return o, nil
}

// Shares count findings by what was judged of them.
type shares struct{ found, truth, intended, wrong, unread, gone int }

func (n *shares) add(m shares) {
	n.found += m.found
	n.truth += m.truth
	n.intended += m.intended
	n.wrong += m.wrong
	n.unread += m.unread
	n.gone += m.gone
}

func (n *shares) cells() []string {
	var cells []string
	for _, v := range []int{n.found, n.truth, n.intended, n.wrong, n.unread, n.gone} {
		cells = append(cells, fmt.Sprint(v))
	}
	return cells
}

// compare counts the findings of a tier. Rows of the other tier count as
// judged, too: a finding may move.
func (c *corpus) compare(o *outcome, tier string, found map[site]bool) shares {
	n := shares{found: len(found)}
	for _, s := range slices.SortedFunc(maps.Keys(found), compareSites) {
		switch c.rows[s].verdict {
		case "true":
			n.truth++
		case "intended":
			n.intended++
		case "false":
			n.wrong++
		default:
			n.unread++
			o.shortf("%s %s: %s: not judged", c.repo, s.posn, s.check)
		}
	}
	for _, s := range slices.SortedFunc(maps.Keys(c.rows), compareSites) {
		if row := c.rows[s]; row.tier == tier && !found[s] && row.verdict != "false" {
			n.gone++
			o.shortf("%s %s: %s: judged %s, not reported", c.repo, s.posn, s.check, row.verdict)
		}
	}
	return n
}

func compareSites(a, b site) int {
	return cmp.Or(strings.Compare(a.posn, b.posn), strings.Compare(a.check, b.check))
}

// std is the name of the corpus of the standard library.
const std = "std"

// folder returns where the repository is.
func (c *corpus) folder(repos string) (string, error) {
	if c.repo != std {
		return filepath.Join(repos, path.Base(c.repo)), nil
	}
	root, err := goOutput("env", "GOROOT")
	return filepath.Join(root, "src"), err
}

// version returns the commit of the clone in dir, or the version of the toolchain.
func (c *corpus) version(dir string) (string, error) {
	if c.repo == std {
		return goOutput("env", "GOVERSION")
	}
	head, err := exec.Command("git", "-C", dir, "rev-parse", "HEAD").Output()
	if err != nil {
		return "", fmt.Errorf("git rev-parse: %w", err)
	}
	return string(bytes.TrimSpace(head)), nil
}

func goOutput(args ...string) (string, error) {
	out, err := exec.Command("go", args...).Output()
	if err != nil {
		return "", fmt.Errorf("go %s: %w", strings.Join(args, " "), err)
	}
	return string(bytes.TrimSpace(out)), nil
}

// run returns what is reported in the clone in dir, by tier.
func (c *corpus) run(t tool, dir string) (map[string]map[site]bool, error) {
	got, err := c.version(dir)
	if err != nil {
		return nil, err
	}
	if got != c.commit {
		return nil, fmt.Errorf("it is at %s, but was judged at %s", got, c.commit)
	}
	what := []string{"./..."}
	if c.repo == std {
		// The build cache may hold its packages as dependencies only.
		what = []string{"-driver=inprocess", std}
	}
	found := map[string]map[site]bool{"core": {}, "extended": {}}
	for _, module := range c.modules {
		for _, tier := range []string{"core", "extended"} {
			args := append([]string{"-checks=" + map[string]string{"core": "core", "extended": "all"}[tier]}, what...)
			all, err := t.findings(filepath.Join(dir, module), args...)
			if err != nil {
				return nil, err
			}
			for _, f := range all {
				s := site{fmt.Sprintf("%s:%d", f.File, f.Line), f.Check}
				if tier == "core" || !found["core"][s] {
					found[tier][s] = true
				}
			}
		}
	}
	return found, nil
}

// readCorpus reads one file.
func readCorpus(file string) (*corpus, error) {
	c := &corpus{file: file, rows: map[site]judgement{}}
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	for line := range strings.Lines(string(data)) {
		key, value, _ := strings.Cut(strings.TrimSpace(strings.TrimPrefix(line, "#")), " ")
		switch {
		case !strings.HasPrefix(line, "#"):
		case key == "repository":
			c.repo = value
		case key == "commit":
			c.commit = value
		case key == "modules":
			c.modules = strings.Fields(value)
		}
	}
	if c.repo == "" || c.repo != std && len(c.commit) != 40 || c.commit == "" || len(c.modules) == 0 {
		return nil, fmt.Errorf("%s: the head must name repository, commit and modules", file)
	}
	rows, err := readTable(file, 5)
	if err != nil {
		return nil, err
	}
	for _, r := range rows {
		c.rows[site{r[0], r[1]}] = judgement{tier: r[2], verdict: r[3], reason: r[4]}
	}
	return c, nil
}

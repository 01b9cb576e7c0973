package nogo

import (
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/bazelbuild/buildtools/build"
)

// A library is a go_library or one half of a go_test.
type library struct {
	label      string
	importPath string
	srcs       []string
	deps       []*archive
	filter     string // which sources belong to it: "exclude" tests of other packages, or "only" those
}

// A report is what nogo leaves of a library.
type report struct {
	label   string
	facts   string // a file
	folder  string // with nogo.log and nogo.patch
	printed string // by the action that fails the build; empty if it does not
}

// check builds what the BUILD files of the workspace say, with nogo, in the order of
// dependencies.
func (w *workspace) check() []report {
	w.t.Helper()
	cmd := exec.Command(w.gazelle, "-go_prefix", "example.com/drivers", "-repo_root", w.root, w.root)
	if out, err := cmd.CombinedOutput(); err != nil {
		w.t.Fatalf("gazelle: %v\n%s", err, out)
	}
	var files []string
	err := filepath.WalkDir(w.root, func(name string, e os.DirEntry, err error) error {
		if err == nil && e.Name() == "BUILD.bazel" {
			files = append(files, name)
		}
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	rules := make(map[string]*build.Rule)
	var labels []string
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			w.t.Fatal(err)
		}
		f, err := build.ParseBuild(name, data)
		if err != nil {
			w.t.Fatal(err)
		}
		folder, err := filepath.Rel(w.root, filepath.Dir(name))
		if err != nil {
			w.t.Fatal(err)
		}
		for _, kind := range []string{"go_library", "go_test"} {
			for _, rule := range f.Rules(kind) {
				label := "//" + filepath.ToSlash(folder) + ":" + rule.Name()
				rules[label] = rule
				labels = append(labels, label)
			}
		}
	}
	b := &targets{workspace: w, rules: rules, done: make(map[string]*archive)}
	for _, label := range labels {
		if rules[label].Kind() == "go_library" {
			b.library(label)
		} else {
			b.test(label)
		}
	}
	return b.reports
}

// Targets builds what rules say, each once.
type targets struct {
	*workspace
	rules   map[string]*build.Rule
	done    map[string]*archive
	reports []report
}

// full gives a label its folder and its name.
func full(label, from string) string {
	folder, name, ok := strings.Cut(label, ":")
	switch {
	case !ok:
		return label + ":" + path.Base(label)
	case folder == "":
		folder, _, _ = strings.Cut(from, ":")
	}
	return folder + ":" + name
}

// of returns sources and dependencies of a rule.
func (b *targets) of(label string) (srcs []string, deps []*archive) {
	rule := b.rules[label]
	folder, _, _ := strings.Cut(strings.TrimPrefix(label, "//"), ":")
	for _, src := range rule.AttrStrings("srcs") {
		srcs = append(srcs, path.Join(folder, src))
	}
	for _, dep := range rule.AttrStrings("deps") {
		deps = append(deps, b.library(full(dep, label)))
	}
	return srcs, deps
}

func (b *targets) library(label string) *archive {
	if b.done[label] == nil {
		srcs, deps := b.of(label)
		b.done[label] = b.lib(library{label, b.rules[label].AttrString("importpath"), srcs, deps, "off"})
	}
	return b.done[label]
}

// test builds the two halves of a go_test: the package with its tests, and the
// package of tests beside it.
func (b *targets) test(label string) {
	srcs, deps := b.of(label)
	var importPath string
	for _, embed := range b.rules[label].AttrStrings("embed") {
		embed = full(embed, label)
		more, needed := b.of(embed)
		srcs, deps = append(more, srcs...), append(needed, deps...)
		importPath = b.rules[embed].AttrString("importpath")
	}
	internal := b.lib(library{label, importPath, srcs, deps, "exclude"})
	b.lib(library{label + "_test", importPath + "_test", srcs, append(deps, internal), "only"})
}

// lib does the actions GoCompilePkg, RunNogo and ValidateNogo.
func (b *targets) lib(l library) *archive {
	b.t.Helper()
	out := "bazel-out/" + strings.NewReplacer("//", "", ":", "/").Replace(l.label)
	a := &archive{importPath: l.importPath, importMap: l.importPath, file: out + ".a", export: out + ".x", facts: out + ".facts"}
	inputs := slices.Clone(l.srcs)
	for _, d := range l.deps {
		inputs = append(inputs, d.export)
	}
	shared := append(b.shared(l.srcs, l.deps, l.importPath, l.importPath), "-testfilter", l.filter)
	b.compile(shared, inputs, out)

	args := append([]string{"nogo"}, shared...)
	for _, d := range l.deps {
		args = append(args, "-facts", d.arg(d.facts))
		inputs = append(inputs, d.facts)
	}
	r := report{label: l.label, facts: a.facts, folder: out + "_nogo"}
	args = append(args, "-out_facts", a.facts, "-out", r.folder, "-go_version", b.version, "-nogo", b.nogo)
	b.must(inputs, []string{a.facts, r.folder}, args...)

	r.printed, _ = b.action([]string{r.folder}, []string{"bazel-out/valid.nogo"}, "nogovalidation", "bazel-out/valid.nogo", r.folder)
	b.reports = append(b.reports, r)
	return a
}

var finding = regexp.MustCompile(`(?m)^(\S+?):(\d+):(\d+): (.*) \((\w+)\)$`)

// found returns what nogo printed, as lines FILE:LINE:COLUMN: CHECK: MESSAGE, sorted,
// each once: the sources of a library are analysed with its tests, too.
func found(reports []report) []string {
	var all []string
	for _, r := range reports {
		for _, m := range finding.FindAllStringSubmatch(r.printed, -1) {
			all = append(all, m[1]+":"+m[2]+":"+m[3]+": "+m[5]+": "+m[4])
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

package nogo

import (
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/bazelbuild/bazel-gazelle/label"
	"github.com/bazelbuild/buildtools/build"
)

// page is what the document says, by block.
type page struct {
	module, rules *build.File
	config        string
}

func readPage(t *testing.T) page {
	t.Helper()
	text, err := os.ReadFile("../../docs/ci/bazel.md")
	if err != nil {
		t.Fatal(err)
	}
	blocks := make(map[string][]string)
	for _, m := range regexp.MustCompile("(?ms)^```(\\w+)\n(.*?)^```$").FindAllStringSubmatch(string(text), -1) {
		blocks[m[1]] = append(blocks[m[1]], m[2])
	}
	if len(blocks["starlark"]) != 2 || len(blocks["json"]) != 1 {
		t.Fatalf("the page has other blocks: %q", blocks)
	}
	p := page{config: blocks["json"][0]}
	p.module, err = build.ParseModule("MODULE.bazel", []byte(blocks["starlark"][0]))
	if err != nil {
		t.Fatal(err)
	}
	p.rules, err = build.ParseBuild("BUILD.bazel", []byte(blocks["starlark"][1]))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// checks returns the checks that the rule nogo names.
func (p page) checks(t *testing.T) []string {
	t.Helper()
	var checks []string
	for _, dep := range p.rules.Rules("nogo")[0].AttrStrings("deps") {
		repository, check, ok := strings.Cut(dep, "//passes/")
		if !ok || repository != "@"+label.ImportPathToBazelRepoName(module) {
			t.Errorf("%s is no check", dep)
		}
		checks = append(checks, check)
	}
	return checks
}

// The page names the core tier, the versions that this test uses, and what the
// extensions of rules_go and Gazelle have.
func TestPage(t *testing.T) {
	p := readPage(t)
	if got, want := p.checks(t), slices.Sorted(slices.Values(core)); !slices.Equal(got, want) {
		t.Errorf("the page names %q, the core is %q", got, want)
	}
	versions, err := os.ReadFile("go.mod")
	if err != nil {
		t.Fatal(err)
	}
	for _, dep := range p.module.Rules("bazel_dep") {
		if want := dep.Name() + " v" + dep.AttrString("version") + "\n"; !strings.Contains(string(versions), want) {
			t.Errorf("go.mod has another version of %s", dep.Name())
		}
	}
	tags := p.module.Rules("go_sdk.nogo")
	if len(tags) != 1 || tags[0].AttrString("nogo") != "//:"+p.rules.Rules("nogo")[0].Name() {
		t.Fatal("the tag nogo does not name the rule")
	}
	in, err := install()
	if err != nil {
		t.Fatal(err)
	}
	extension, err := os.ReadFile(filepath.Join(in.rules, "../../private/extensions.bzl"))
	if err != nil {
		t.Fatal(err)
	}
	_, tag, _ := strings.Cut(string(extension), "\n_nogo_tag = ")
	tag, _, _ = strings.Cut(tag, "\n)\n")
	rule, err := os.ReadFile(filepath.Join(in.rules, "../../private/rules/nogo.bzl"))
	if err != nil {
		t.Fatal(err)
	}
	for text, keys := range map[string][]string{tag: tags[0].AttrKeys(), string(rule): {"deps", "config"}} {
		for _, key := range keys {
			if !strings.Contains(text, `"`+key+`": attr.`) {
				t.Errorf("rules_go has no attribute %s here", key)
			}
		}
	}
	if !strings.Contains(build.FormatString(p.module), `use_repo(go_deps, "`+label.ImportPathToBazelRepoName(module)+`")`) {
		t.Error("the repository of killcheck has another name")
	}
}

// job has a goroutine that only a row can accuse.
const job = `package app

import (
	"context"

	"example.com/drivers/jobs"
)

func Jobs(ctx context.Context) {
	go func() {
		for ctx.Err() == nil {
			jobs.Run()
		}
	}()
}
`

// The configuration of the page: nogo shows what killcheck shows with the same rows,
// less what the patterns leave out.
func TestConfig(t *testing.T) {
	p := readPage(t)
	w := newWorkspace(t, corpus(t))
	row := regexp.MustCompile(`func example[^"]*`).FindString(p.config)
	ours := strings.NewReplacer("example.com/ours", "example.com/drivers")
	w.write("rows.kb", ours.Replace(row)+"\n")
	w.write("jobs/jobs.go", "package jobs\n\nimport \"context\"\n\nfunc Run() {}\n\nfunc RunContext(ctx context.Context) {}\n")
	w.write("app/jobs.go", job)
	w.write("other/jobs.go", strings.Replace(job, "package app", "package other", 1))
	lib, err := os.ReadFile(filepath.Join(w.root, "lib/lib.go"))
	if err != nil {
		t.Fatal(err)
	}
	w.write("third_party/lib/lib.go", string(lib))

	w.build(p.checks(t), ours.Replace(p.config))
	got := found(w.check())
	all := killcheck(t, w.root, "-checks=core,-directive", "-rows=rows.kb")
	want := slices.DeleteFunc(slices.Clone(all), func(f string) bool {
		return strings.HasPrefix(f, "third_party/") || strings.Contains(f, ": uninterruptible: ") && !strings.HasPrefix(f, "app/")
	})
	same(t, "the configuration of the page", got, want)
	if !slices.ContainsFunc(got, func(f string) bool { return strings.Contains(f, "app/jobs.go:12:4: uninterruptible") }) || len(want) > len(all)-4 {
		t.Errorf("nogo found\n%s\nkillcheck without patterns\n%s", strings.Join(got, "\n"), strings.Join(all, "\n"))
	}
}

// Comments that killcheck writes make a baseline: nogo then finds only what is new.
func TestBaseline(t *testing.T) {
	w := newWorkspace(t, corpus(t))
	w.build(core, "")
	command(t, w.root, "-fix=ignore", "-reason=known since we adopted killcheck")
	if got := found(w.check()); len(got) > 0 {
		t.Errorf("nogo still finds\n%s", strings.Join(got, "\n"))
	}
	w.write("app/new.go", "package app\n\nfunc New(n *int) {\n\tgo func() {\n\t\tfor {\n\t\t\t*n++\n\t\t}\n\t}()\n}\n")
	if got := found(w.check()); len(got) != 1 || !strings.HasPrefix(got[0], "app/new.go:5:3: endless: ") {
		t.Errorf("nogo finds\n%s", strings.Join(got, "\n"))
	}
}

func (w *workspace) write(name, text string) {
	w.t.Helper()
	name = filepath.Join(w.root, filepath.FromSlash(path.Clean(name)))
	err := os.MkdirAll(filepath.Dir(name), 0o777)
	if err == nil {
		err = os.WriteFile(name, []byte(text), 0o666)
	}
	if err != nil {
		w.t.Fatal(err)
	}
}

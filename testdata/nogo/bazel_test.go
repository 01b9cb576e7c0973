package nogo

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
)

// installed is what all tests use: the builder, and what Bazel calls toolchain and
// external repositories.
type installed struct {
	builder string // the program behind each action of rules_go
	pack    string
	sdk     string // the local GOROOT
	stdlib  string // what the rule for the standard library leaves: export data and objects
	list    string // the names of its packages
	suffix  string // linux_amd64
	version string // of Go, without "go"
	rules   string // the sources of the builder
	gazelle string
	env     []string

	external []*archive        // libraries that nogo is linked with
	made     map[string]string // the programs that were linked, by checks and configuration
}

// An archive is what a library leaves for those that import it.
type archive struct {
	importPath, importMap string
	file, export, facts   string // facts is empty for what nogo does not look at
	needs                 []*archive
}

func (a *archive) arg(file string) string { return a.importPath + "=" + a.importMap + "=" + file }

var (
	scratch string // for what is installed once
	install = sync.OnceValues(installAll)
)

func TestMain(m *testing.M) { os.Exit(inScratch(m)) }

func inScratch(m *testing.M) int {
	dir, err := os.MkdirTemp("", "killcheck-nogo-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	scratch = dir
	return m.Run()
}

func goTool(env []string, args ...string) (string, error) {
	cmd := exec.Command("go", args...)
	cmd.Env = append(append(os.Environ(), "GOWORK=off", "GOFLAGS="), env...)
	var errs bytes.Buffer
	cmd.Stderr = &errs
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("go %s: %w\n%s", args[0], err, errs.String())
	}
	return strings.TrimSpace(string(out)), nil
}

func installAll() (*installed, error) {
	in := &installed{
		made:    make(map[string]string),
		builder: filepath.Join(scratch, "builder"), pack: filepath.Join(scratch, "pack"), gazelle: filepath.Join(scratch, "gazelle"),
		stdlib: filepath.Join(scratch, "stdlib"), list: filepath.Join(scratch, "packages.txt"),
	}
	var err error
	get := func(env []string, args ...string) string {
		var out string
		if err == nil {
			out, err = goTool(env, args...)
		}
		return out
	}
	in.sdk = get(nil, "env", "GOROOT")
	in.version = strings.TrimPrefix(get(nil, "env", "GOVERSION"), "go")
	goos, goarch := get(nil, "env", "GOOS"), get(nil, "env", "GOARCH")
	in.suffix = goos + "_" + goarch
	in.env = append(os.Environ(), "GOOS="+goos, "GOARCH="+goarch, "GOEXPERIMENT=", "GOROOT_FINAL=GOROOT", "CGO_ENABLED=0", "GOTOOLCHAIN=local")
	in.rules = filepath.Join(get(nil, "list", "-m", "-f", "{{.Dir}}", "github.com/bazelbuild/rules_go"), "go", "tools", "builders")
	if err != nil {
		return nil, err
	}
	srcs, err := in.sources("builder_srcs", "path.go")
	if err != nil {
		return nil, err
	}
	// As the rule go_tool_binary does.
	get([]string{"GO111MODULE=off"}, slices.Concat([]string{"build", "-trimpath", "-ldflags", "-X main.rulesGoStdlibPrefix=@io_bazel_rules_go//stdlib:", "-o", in.builder}, srcs)...)
	get(nil, "build", "-trimpath", "-o", in.pack, "cmd/pack")
	get(nil, "build", "-o", in.gazelle, "github.com/bazelbuild/bazel-gazelle/cmd/gazelle")
	names := get(nil, "list", "std")
	if err == nil {
		err = os.WriteFile(in.list, []byte(names+"\n"), 0o666)
	}
	// The libraries, and what of the standard library they, the corpus and nogo need.
	patterns := []string{
		"context", "testing", "os", "log", "flag", "regexp", "encoding/gob", "go/parser", "io/ioutil", // of the corpus and of nogo
		"golang.org/x/tools/go/analysis", "golang.org/x/tools/go/gcexportdata", "golang.org/x/tools/internal/facts",
		"github.com/aymanbagabas/go-udiff", module + "/passes/...",
	}
	out := get([]string{"CGO_ENABLED=0"}, slices.Concat([]string{"list", "-export", "-deps", "-json=ImportPath,Export,Standard,Imports,Error"}, patterns)...)
	if err != nil {
		return nil, err
	}
	return in, in.library(out)
}

const module = "github.com/killcheck/killcheck"

// library lays out what go list tells: the standard library as Bazel has it, and the
// rest as archives.
func (in *installed) library(listed string) error {
	archives := make(map[string]*archive)
	for dec := json.NewDecoder(strings.NewReader(listed)); ; {
		var p struct {
			ImportPath, Export string
			Standard           bool
			Imports            []string
		}
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
		if p.Export == "" {
			continue // unsafe
		}
		if p.Standard {
			name := filepath.Join(in.stdlib, "pkg", in.suffix, filepath.FromSlash(p.ImportPath)+".a")
			if err := errors.Join(os.MkdirAll(filepath.Dir(name), 0o777), os.Symlink(p.Export, name)); err != nil {
				return err
			}
			continue
		}
		a := &archive{importPath: p.ImportPath, importMap: p.ImportPath, file: p.Export, export: p.Export}
		archives[p.ImportPath] = a
		in.external = append(in.external, a)
	}
}

// sources returns the files of a rule of the builder's BUILD.bazel, and others.
func (in *installed) sources(rule string, others ...string) ([]string, error) {
	data, err := os.ReadFile(filepath.Join(in.rules, "BUILD.bazel"))
	if err != nil {
		return nil, err
	}
	_, text, ok := strings.Cut(string(data), `name = "`+rule+`"`)
	text, _, ok2 := strings.Cut(text, "]")
	if !ok || !ok2 {
		return nil, fmt.Errorf("the builder has no rule %s", rule)
	}
	var files []string
	for _, m := range regexp.MustCompile(`"(\w+\.go)"`).FindAllStringSubmatch(text, -1) {
		files = append(files, m[1])
	}
	for i, name := range append(files, others...) {
		files = append(files[:i], filepath.Join(in.rules, name))
	}
	return files, nil
}

// A workspace is a module in which Bazel works.
type workspace struct {
	*installed
	t    *testing.T
	root string
	nogo string // the program that runs the checks
}

func newWorkspace(t *testing.T, root string) *workspace {
	t.Helper()
	in, err := install()
	if err != nil {
		t.Fatal(err)
	}
	return &workspace{installed: in, t: t, root: root}
}

// action runs the builder as Bazel would in its sandbox: in a folder of its own that
// holds the inputs and nothing else. It moves the outputs to the workspace. Names are
// relative to both; those of the toolchain are absolute.
func (w *workspace) action(inputs, outputs []string, args ...string) (stderr string, ok bool) {
	w.t.Helper()
	box := w.t.TempDir()
	for _, name := range inputs {
		w.move(filepath.Join(w.root, name), filepath.Join(box, name))
	}
	for _, name := range outputs {
		dir := filepath.Join(box, name) // an output may be a folder, and then exists
		if filepath.Ext(name) != "" {
			dir = filepath.Dir(dir)
		}
		if err := os.MkdirAll(dir, 0o777); err != nil {
			w.t.Fatal(err)
		}
	}
	cmd := exec.Command(w.builder, args...)
	cmd.Dir, cmd.Env = box, append(w.env, "PWD="+box)
	var errs bytes.Buffer
	cmd.Stderr = &errs
	if err := cmd.Run(); err != nil {
		if exit := new(exec.ExitError); !errors.As(err, &exit) {
			w.t.Fatal(err)
		}
		return errs.String(), false
	}
	for _, name := range outputs {
		w.move(filepath.Join(box, name), filepath.Join(w.root, name))
	}
	return errs.String(), true
}

// must is an action that does not fail.
func (w *workspace) must(inputs, outputs []string, args ...string) {
	w.t.Helper()
	if stderr, ok := w.action(inputs, outputs, args...); !ok {
		w.t.Fatalf("%s failed\n%s", args[0], stderr)
	}
}

// move copies a file or a folder.
func (w *workspace) move(from, to string) {
	w.t.Helper()
	if info, err := os.Stat(from); err == nil && info.IsDir() {
		if err := errors.Join(os.RemoveAll(to), os.CopyFS(to, os.DirFS(from))); err != nil {
			w.t.Fatal(err)
		}
		return
	}
	data, err := os.ReadFile(from)
	if err == nil {
		err = errors.Join(os.MkdirAll(filepath.Dir(to), 0o777), os.WriteFile(to, data, 0o666))
	}
	if err != nil {
		w.t.Fatal(err)
	}
}

// shared are the arguments that all actions on Go code have.
func (w *workspace) shared(srcs []string, deps []*archive, importPath, importMap string) []string {
	args := []string{"-sdk", w.sdk, "-goroot", w.stdlib, "-installsuffix", w.suffix, "-tags", ""}
	for _, src := range srcs {
		args = append(args, "-src", src)
	}
	for _, d := range deps {
		args = append(args, "-arc", d.arg(d.export))
	}
	return append(args, "-importpath", importPath, "-p", importMap, "-package_list", w.list)
}

// compile does the action GoCompilePkg.
func (w *workspace) compile(shared, inputs []string, out string, more ...string) {
	w.t.Helper()
	args := slices.Concat([]string{"compilepkg"}, shared, more,
		[]string{"-pack", w.pack, "-lo", out + ".a", "-o", out + ".x", "-imports", out + ".imports", "-gcflags", ""})
	w.must(inputs, []string{out + ".a", out + ".x", out + ".imports"}, args...)
}

// build makes the program of the rule nogo, from checks and a configuration, once.
func (w *workspace) build(checks []string, config string) {
	w.t.Helper()
	key := strings.Join(checks, " ") + "\n" + config
	if w.nogo = w.made[key]; w.nogo != "" {
		return
	}
	dir, err := os.MkdirTemp(scratch, "nogo")
	if err != nil {
		w.t.Fatal(err)
	}
	main := filepath.Join(dir, "nogo_main.go")
	args := []string{"gennogomain", "-output", main}
	for _, check := range checks {
		args = append(args, "-analyzer_importpath", module+"/passes/"+check)
	}
	if config != "" {
		name := filepath.Join(dir, "config.json")
		if err := os.WriteFile(name, []byte(config), 0o666); err != nil {
			w.t.Fatal(err)
		}
		args = append(args, "-config", name)
	}
	w.must(nil, nil, args...)
	srcs, err := w.sources("nogo_srcs")
	if err != nil {
		w.t.Fatal(err)
	}
	w.compile(w.shared(append(srcs, main), w.external, "nogomain", "main"), nil, "bazel-out/nogo")
	w.nogo = filepath.Join(dir, "nogo")
	args = []string{"link", "-sdk", w.sdk, "-goroot", w.stdlib, "-installsuffix", w.suffix, "-tags", ""}
	for _, a := range w.external {
		args = append(args, "-arc", a.arg(a.file))
	}
	args = append(args, "-package_list", w.list, "-o", w.nogo, "-main", "bazel-out/nogo.a", "-main_package_path", "nogomain",
		"-main_imports", "bazel-out/nogo.imports", "-p", "main", "--", "-linkmode", "internal")
	w.must([]string{"bazel-out/nogo.a", "bazel-out/nogo.imports"}, nil, args...)
	w.made[key] = w.nogo
}

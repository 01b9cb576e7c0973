package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// TestChangedRandom edits a generated module at random, and holds what -changed finds
// against whole runs before and after: in the packages that it takes it finds what the
// whole run finds, and in the others nothing has changed. With KILLCHECK_TEST_MANY
// there are 500 packages and 200 edits, five between two runs: that takes a quarter of
// an hour, and .ci/run leaves it out.
func TestChangedRandom(t *testing.T) {
	long(t)
	packages, commits, edits, seed := 30, 5, 1, uint64(1)
	if os.Getenv("KILLCHECK_TEST_MANY") != "" {
		packages, commits, edits = 500, 40, 5
	}
	if n, err := strconv.ParseUint(os.Getenv("KILLCHECK_TEST_SEED"), 10, 64); err == nil {
		seed = n
	}
	m := newRandomModule(t, packages, seed)
	m.write()
	m.git("init", "-q")
	m.git("add", ".")
	m.git("commit", "-qm", "first")
	before := m.find("./...").findings
	analysed, touched, differ, left := 0, 0, 0, 0
	for commit := range commits {
		var did []string
		for range edits {
			did = append(did, m.edit())
		}
		said := strings.Join(did, ", ")
		m.write()
		part, after := m.find("-changed=HEAD", "-v", "./..."), m.find("./...").findings
		taken := m.taken(part.stderr)
		for path := range m.paths(before, after) {
			same := slices.Equal(before[path], after[path])
			switch {
			case taken[path] && !slices.Equal(part.findings[path], after[path]):
				t.Errorf("commit %d (%s): in %s -changed finds\n%s\nand the whole run\n%s", commit, said, path, strings.Join(part.findings[path], "\n"), strings.Join(after[path], "\n"))
			case !taken[path] && len(part.findings[path]) > 0:
				t.Errorf("commit %d (%s): -changed finds something in %s", commit, said, path)
			case !taken[path] && !same:
				t.Errorf("commit %d (%s): %s is not analysed, and its findings change from\n%s\nto\n%s", commit, said, path, strings.Join(before[path], "\n"), strings.Join(after[path], "\n"))
			}
			if !same {
				differ++
			}
		}
		if t.Failed() {
			t.Fatalf("the seed was %d", seed)
		}
		analysed += len(taken)
		left += m.left(part.stderr)
		if len(taken) > 0 {
			touched++
		}
		m.git("add", ".")
		m.git("commit", "-qm", said, "--allow-empty")
		before = after
		if commit%10 == 9 {
			t.Logf("after %d edits: findings of %d packages changed, %d packages analysed, %d importers left out", (commit+1)*edits, differ, analysed, left)
		}
	}
	t.Logf("%d edits of %d packages: findings of %d packages changed, %d packages analysed, %d importers left out, %d of %d runs took some", commits*edits, packages, differ, analysed, left, touched, commits)
	// To compare does not pay in a small module: see the script changed.
	if differ == 0 || analysed == 0 || left == 0 && packages > 100 || analysed >= commits*packages {
		t.Errorf("the edits show nothing")
	}
}

// A randomModule is a generated module: each package imports some of those before it,
// and what it waits for, starts and closes is drawn by lot.
type randomModule struct {
	t      *testing.T
	dir    string
	self   string
	random *rand.Rand
	pkgs   []*randomPackage
	files  map[string]bool // that were written
	config int
}

type randomPackage struct {
	n       int
	imports []int
	lot     []int  // a number for each choice
	lines   int    // of comments above
	tag     bool   // a file for this system, or for another one
	extra   string // name of a further file; "" for none
	gone    bool
}

// lots is how many choices there are for a package.
const lots = 8

func newRandomModule(t *testing.T, packages int, seed uint64) *randomModule {
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	m := &randomModule{t: t, dir: dir, self: self, random: rand.New(rand.NewPCG(seed, 0)), files: make(map[string]bool)}
	for n := range packages {
		m.add(n)
	}
	return m
}

func (m *randomModule) add(n int) {
	p := &randomPackage{n: n}
	for range lots {
		p.lot = append(p.lot, m.random.IntN(100))
	}
	for range min(n, m.random.IntN(3)) {
		if i := max(0, n-1-m.random.IntN(40)); !slices.Contains(p.imports, i) && !m.pkgs[i].gone && !m.pkgs[i].generated() {
			p.imports = append(p.imports, i)
		}
	}
	m.pkgs = append(m.pkgs, p)
}

// edit changes some packages, and says what it did.
func (m *randomModule) edit() string {
	var said []string
	for range 1 + m.random.IntN(3) {
		p := m.pkgs[m.random.IntN(len(m.pkgs))]
		what := ""
		switch k := m.random.IntN(24); {
		case k < 12:
			i := m.random.IntN(lots)
			p.lot[i] = m.random.IntN(100)
			what = fmt.Sprintf("choice %d", i)
		case k < 14:
			p.lines = m.random.IntN(3)
			what = "comments"
		case k < 16:
			p.extra = []string{"", "more.go", "other.go", "more_test.go"}[m.random.IntN(4)]
			what = "file " + p.extra
		case k < 18:
			p.tag = !p.tag
			what = "build tag"
		case k < 19:
			m.files["p"+fmt.Sprint(p.n)+"/data/x.txt"] = true
			m.put(fmt.Sprintf("p%d/data/x.txt", p.n), fmt.Sprint(m.random.IntN(100)))
			what = "data"
		case k < 20 && len(p.imports) > 0:
			p.imports = p.imports[1:]
			what = "an import less"
		case k < 21:
			m.add(len(m.pkgs))
			what = "a package more"
		case k < 22 && !slices.ContainsFunc(m.pkgs, func(q *randomPackage) bool { return slices.Contains(q.imports, p.n) }):
			p.gone = true
			what = "a package less"
		case k < 23 && m.random.IntN(8) == 0:
			m.config++
			what = "configuration"
		default:
			what = "nothing"
		}
		said = append(said, fmt.Sprintf("p%d: %s", p.n, what))
	}
	return strings.Join(said, ", ")
}

// write writes the module, and removes what does not belong to it any more.
func (m *randomModule) write() {
	files := map[string]string{
		"go.mod":          "module example.com/m\n\ngo 1.25.0\n",
		".gitignore":      "generated.go\n",
		".killcheck.yaml": []string{"tests: true\n", "tests: true\nseverity:\n  abandoned: error\n"}[m.config%2],
	}
	for _, p := range m.pkgs {
		if !p.gone {
			maps.Copy(files, p.source())
		}
	}
	for name := range m.files {
		if _, ok := files[name]; !ok && !strings.HasSuffix(name, ".txt") {
			if err := os.Remove(filepath.Join(m.dir, name)); err != nil {
				m.t.Fatal(err)
			}
			delete(m.files, name)
		}
	}
	for name, text := range files {
		m.put(name, text)
		m.files[name] = true
	}
}

func (m *randomModule) put(name, text string) {
	name = filepath.Join(m.dir, filepath.FromSlash(name))
	if old, err := os.ReadFile(name); err == nil && string(old) == text {
		return
	}
	if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
		m.t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
		m.t.Fatal(err)
	}
}

// source returns the files of a package. What it does depends on what it imports: the
// room of a channel, whether a function returns, and who closes what. One in three
// starts nothing, so that others seldom learn something of it.
func (p *randomPackage) source() map[string]string {
	var b strings.Builder
	b.WriteString(strings.Repeat("// a line\n", p.lines))
	fmt.Fprintf(&b, "package p%d\n\n", p.n)
	for _, i := range p.imports {
		fmt.Fprintf(&b, "import \"example.com/m/p%d\"\n", i)
	}
	pick := func(i int, of ...string) string { return of[p.lot[i]%len(of)] }
	stay, room, stop := "<-make(chan int)", pick(0, "0", "1"), "close(w.Quit)"
	if len(p.imports) > 0 {
		dep := fmt.Sprintf("p%d", p.imports[0])
		stay = dep + ".Stay(quit)"
		room = pick(0, "0", "1", dep+".Room")
		stop = pick(1, "close(w.Quit)", dep+".Stop(w.Quit)", "")
	}
	for _, i := range p.imports {
		fmt.Fprintf(&b, "\nfunc uses%d(quit chan struct{}) { go p%d.Stay(quit) }\n", i, i)
		fmt.Fprintf(&b, "\nfunc holds%d() { p%d.New() }\n", i, i)
	}
	start, wait := "w := &Worker{Quit: make(chan struct{})}\n\tgo w.run()\n\treturn w", "select {\n\tcase v := <-ch:\n\t\treturn v\n\tcase <-quit:\n\t\treturn 0\n\t}"
	if p.n%3 == 2 {
		stay, start, wait = "quit = nil", "return &Worker{Quit: make(chan struct{})}", "return 0"
	}
	fmt.Fprintf(&b, `
const Room = %s

// Stay may return.
func Stay(quit chan struct{}) { %s }

// Stop may close.
func Stop(quit chan struct{}) { %s }

type Worker struct {
	Quit chan struct{}
	n    int
}

func New() *Worker {
	%s
}

func (w *Worker) run() {
	for {
		w.n++
		%s
	}
}

func (w *Worker) Close() { %s }

func First(get func() int, quit chan bool) int {
	ch := make(chan int, Room)
	go func() { ch <- get() }()
	%s
}
`, room, pick(2, stay, stay, "<-quit", "quit = nil", "for {\n\t}"), pick(3, "close(quit)", "quit = nil"), start,
		pick(4, "select {\n\t\tcase <-w.Quit:\n\t\t\treturn\n\t\tdefault:\n\t\t}", "<-w.Quit", ""), stop, wait)
	name := fmt.Sprintf("p%d/", p.n)
	system := map[bool]string{true: "linux", false: "plan9"}[p.tag]
	files := map[string]string{
		name + "p.go":         b.String(),
		name + "p_test.go":    fmt.Sprintf("package p%d\n\nfunc start() { go Stay(%s) }\n", p.n, pick(5, "nil", "make(chan struct{})")),
		name + "x_test.go":    fmt.Sprintf("package p%d_test\n\nimport \"example.com/m/p%[1]d\"\n\nfunc start() { go p%[1]d.Stay(%s) }\n", p.n, pick(6, "nil", "make(chan struct{})")),
		name + "system.go":    fmt.Sprintf("//go:build %s\n\npackage p%d\n\nfunc system() {\n\tch := make(chan int)\n\tgo func() { <-ch }()\n}\n", system, p.n),
		name + "generated.go": fmt.Sprintf("package p%d\n\nfunc generated() {\n\tch := make(chan int, %s)\n\tgo func() { ch <- 1 }()\n}\n", p.n, pick(7, "0", "1")),
	}
	if !p.generated() {
		delete(files, name+"generated.go")
	}
	if p.n%7 == 0 {
		files[name+"data/x.txt"] = "x"
		files[name+"data.go"] = fmt.Sprintf("package p%d\n\nimport \"embed\"\n\n//go:embed data\nvar data embed.FS\n", p.n)
	}
	if p.extra != "" {
		files[name+p.extra] = fmt.Sprintf("package p%d\n\nfunc extra() {\n\tch := make(chan int)\n\tgo func() { <-ch }()\n}\n", p.n)
	}
	return files
}

// generated reports whether the package has a file that git ignores. Such a one is
// always taken, and with it all that import it.
func (p *randomPackage) generated() bool { return p.n%10 == 9 }

// A found is what a run finds.
type found struct {
	findings map[string][]string // by package, each as it is printed
	stderr   string
}

func (m *randomModule) find(args ...string) found {
	m.t.Helper()
	cmd := exec.Command(m.self, append([]string{"-checks=all", "-format=json"}, args...)...)
	cmd.Dir = m.dir
	cmd.Env = append(os.Environ(), asTool+"=1", "GOFLAGS=", "GOWORK=off")
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil && cmd.ProcessState.ExitCode() != 1 {
		m.t.Fatalf("%v: %v\n%s", args, err, stderr.String())
	}
	var report struct{ Findings []json.RawMessage }
	if err := json.Unmarshal(stdout.Bytes(), &report); err != nil {
		m.t.Fatal(err)
	}
	all := found{make(map[string][]string), stderr.String()}
	for _, raw := range report.Findings {
		var f struct{ Package string }
		if err := json.Unmarshal(raw, &f); err != nil {
			m.t.Fatal(err)
		}
		path := strings.TrimSuffix(f.Package, "_test")
		all.findings[path] = append(all.findings[path], string(raw))
	}
	return all
}

// taken returns the packages that -changed says it takes.
func (m *randomModule) taken(stderr string) map[string]bool {
	m.t.Helper()
	taken := make(map[string]bool)
	if said := regexp.MustCompile(`(?m)^killcheck: \d+ packages? can have other findings than at HEAD: ?(.*)$`).FindStringSubmatch(stderr); said != nil {
		for _, path := range strings.Fields(said[1]) {
			taken[path] = true
		}
		return taken
	}
	if !strings.Contains(stderr, "killcheck: all packages can have other findings than at HEAD: ") {
		m.t.Fatalf("it does not say what it takes:\n%s", stderr)
	}
	for _, p := range m.pkgs {
		taken[fmt.Sprintf("example.com/m/p%d", p.n)] = !p.gone
	}
	return taken
}

// left returns how many packages -changed says it leaves out although they import one
// that has changed.
func (m *randomModule) left(stderr string) int {
	said := regexp.MustCompile(`(?m)^killcheck: (\d+) importers? left out`).FindStringSubmatch(stderr)
	if said == nil {
		return 0
	}
	n, err := strconv.Atoi(said[1])
	if err != nil {
		m.t.Fatal(err)
	}
	return n
}

// paths returns the packages that are there, and those that had findings before.
func (m *randomModule) paths(before, after map[string][]string) map[string]bool {
	paths := make(map[string]bool)
	for _, p := range m.pkgs {
		if path := fmt.Sprintf("example.com/m/p%d", p.n); !p.gone {
			paths[path] = true
		} else if len(after[path]) > 0 {
			m.t.Errorf("%s is gone and has findings", path)
		}
	}
	return paths
}

func (m *randomModule) git(args ...string) {
	m.t.Helper()
	cmd := exec.Command("git", args...)
	cmd.Dir = m.dir
	cmd.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL="+os.DevNull, "GIT_AUTHOR_NAME=a", "GIT_AUTHOR_EMAIL=a@example.com",
		"GIT_COMMITTER_NAME=a", "GIT_COMMITTER_EMAIL=a@example.com")
	out, err := cmd.CombinedOutput()
	if errors.Is(err, exec.ErrNotFound) {
		m.t.Skip(err)
	}
	if err != nil {
		m.t.Fatalf("git %v: %v\n%s", args, err, out)
	}
}

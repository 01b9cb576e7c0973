package passes_test

import (
	"bufio"
	"context"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/tools/go/analysis"

	"github.com/killcheck/killcheck/passes"
)

// The work of all checks grows with the package, not with its square: the steps
// for k times as many of a kind are at most k to the power of maxExponent as
// many. A step is a statement of package analyzer, of a check, or of package
// slices, which scans lists for them: a build of this test that counts coverage
// counts them all, so a scan that comes back needs no counter to be seen. Steps
// do not depend on the machine.
func TestGrowth(t *testing.T) {
	if name := os.Getenv(growthVariable); name != "" {
		grow(t, name)
		return
	}
	if os.Getenv("KILLCHECK_TEST_LONG") == "" {
		t.Skip("builds and runs this test a hundred times: set KILLCHECK_TEST_LONG=1, as .ci/run long does")
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Minute) // only if it hangs
	defer cancel()
	c := newStepCounter(ctx, t)
	const small, large = 80, 640
	none := c.steps(t, kinds[0], 1) // what the knowledge base costs, mostly
	for _, k := range kinds {
		t.Run(k.name, func(t *testing.T) {
			a, b := c.steps(t, k, small)-none, c.steps(t, k, large)-none
			exponent := math.Log(float64(b)/float64(a)) / math.Log(float64(large)/float64(small))
			t.Logf("%d steps for %d, %d for %d: exponent %.2f", a, small, b, large, exponent)
			if exponent > maxExponent {
				t.Errorf("%d steps for %d, %d for %d: exponent %.2f, more than %.1f\n%s", a, small, b, large, exponent, maxExponent, c.worst())
			}
		})
	}
}

const (
	maxExponent     = 1.2
	growthVariable  = "KILLCHECK_GROWTH"         // kind:size, for a run that counts
	exportsVariable = "KILLCHECK_GROWTH_EXPORTS" // what exports has found, for such a run
)

// grow runs all checks on a package. The name says which.
func grow(t *testing.T, name string) {
	name, size, _ := strings.Cut(name, ":")
	n, err := strconv.Atoi(size)
	i := slices.IndexFunc(kinds, func(k kind) bool { return k.name == name })
	if err != nil || i < 0 {
		t.Fatalf("%s is no kind with a size", name)
	}
	load(t, kinds[i], n, os.Getenv(exportsVariable)).run(t)
}

// A stepCounter runs a build of this test that counts its steps.
type stepCounter struct {
	ctx         context.Context
	program     string
	exports     string
	last, other map[string]int // the steps of the last two runs by place
}

func newStepCounter(ctx context.Context, t *testing.T) *stepCounter {
	t.Helper()
	c := &stepCounter{ctx: ctx, program: filepath.Join(t.TempDir(), "steps.test.exe"), exports: exports(t)}
	const module = "github.com/killcheck/killcheck/"
	cmd := exec.CommandContext(ctx, "go", "test", "-c", "-o", c.program, "-covermode=atomic",
		"-coverpkg="+module+"analyzer/...,"+module+"passes/...,slices", ".")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return c
}

// steps returns how many statements the checks execute for n of a kind.
func (c *stepCounter) steps(t *testing.T, k kind, n int) int {
	t.Helper()
	profile := filepath.Join(t.TempDir(), "profile")
	cmd := exec.CommandContext(c.ctx, c.program, "-test.run=^TestGrowth$", "-test.coverprofile="+profile)
	cmd.Env = append(os.Environ(), growthVariable+"="+k.name+":"+strconv.Itoa(n), exportsVariable+"="+c.exports)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	f, err := os.Open(profile)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	c.last, c.other = make(map[string]int), c.last
	sum := 0
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		// file.go:from,to statements count
		words := strings.Fields(lines.Text())
		if len(words) != 3 {
			continue // the mode
		}
		statements, err1 := strconv.Atoi(words[1])
		count, err2 := strconv.Atoi(words[2])
		if err1 != nil || err2 != nil {
			t.Fatalf("%q is no line of a profile", lines.Text())
		}
		c.last[words[0]] += statements * count
		sum += statements * count
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	return sum
}

// worst returns the places whose steps have grown most between the last two runs.
func (c *stepCounter) worst() string {
	places := make([]string, 0, len(c.last))
	for p := range c.last {
		places = append(places, p)
	}
	excess := func(p string) int { return c.last[p] - 15*c.other[p] }
	slices.SortFunc(places, func(a, b string) int {
		return max(-1, min(1, excess(b)-excess(a)))*2 + strings.Compare(a, b)
	})
	var b strings.Builder
	for _, p := range places[:min(10, len(places))] {
		b.WriteString(strconv.Itoa(c.other[p]) + " -> " + strconv.Itoa(c.last[p]) + " " + p + "\n")
	}
	return b.String()
}

// BenchmarkGrowth runs all checks on packages of each kind, of two sizes. The time
// of ten times as many should be about ten times as long.
func BenchmarkGrowth(b *testing.B) {
	found := exports(b)
	for _, k := range kinds {
		for _, n := range []int{300, 3000} {
			b.Run(k.name+"/"+strconv.Itoa(n), func(b *testing.B) {
				u := load(b, k, n, found)
				findings := 0
				for b.Loop() {
					findings = u.run(b)
				}
				b.ReportMetric(float64(findings), "findings")
			})
		}
	}
}

// unit is a type-checked package on disk, as a driver hands it to an analyzer.
type unit struct {
	fset  *token.FileSet
	files []*ast.File
	pkg   *types.Package
	info  *types.Info
}

// load writes a package of n of the kind and type-checks it. For the exports see
// there.
func load(tb testing.TB, k kind, n int, exports string) *unit {
	tb.Helper()
	name := filepath.Join(tb.TempDir(), k.name+".go")
	if err := os.WriteFile(name, []byte("package p\n\n"+k.source(n)), 0o666); err != nil {
		tb.Fatal(err)
	}
	u := &unit{fset: token.NewFileSet()}
	f, err := parser.ParseFile(u.fset, name, nil, parser.ParseComments)
	if err != nil {
		tb.Fatal(err)
	}
	u.files = []*ast.File{f}
	u.info = &types.Info{
		Types: make(map[ast.Expr]types.TypeAndValue), Instances: make(map[*ast.Ident]types.Instance),
		Defs: make(map[*ast.Ident]types.Object), Uses: make(map[*ast.Ident]types.Object),
		Implicits: make(map[ast.Node]types.Object), Selections: make(map[*ast.SelectorExpr]*types.Selection),
		Scopes: make(map[ast.Node]*types.Scope), FileVersions: make(map[*ast.File]string),
	}
	conf := types.Config{Importer: importer.ForCompiler(u.fset, "gc", func(path string) (io.ReadCloser, error) {
		_, rest, _ := strings.Cut("\n"+exports, "\n"+path+"=")
		name, _, _ := strings.Cut(rest, "\n")
		return os.Open(name)
	})}
	if u.pkg, err = conf.Check("example.com/p", u.fset, u.files, u.info); err != nil {
		tb.Fatal(err)
	}
	return u
}

// exports returns where the export data of the packages stands that the kinds
// import: a line for each, path=file.
func exports(tb testing.TB) string {
	tb.Helper()
	out, err := exec.Command("go", "list", "-export", "-deps", "-f", "{{.ImportPath}}={{.Export}}", "context", "net", "sync", "time").Output()
	if err != nil {
		tb.Fatal(err)
	}
	return string(out)
}

// run runs all checks on the package, as vet does but with no facts of imports,
// and returns how many findings there are.
func (u *unit) run(tb testing.TB) (findings int) {
	tb.Helper()
	results := make(map[*analysis.Analyzer]any)
	var do func(a *analysis.Analyzer)
	do = func(a *analysis.Analyzer) {
		if _, done := results[a]; done {
			return
		}
		for _, r := range a.Requires {
			do(r)
		}
		res, err := a.Run(&analysis.Pass{
			Analyzer: a, Fset: u.fset, Files: u.files, Pkg: u.pkg, TypesInfo: u.info,
			TypesSizes: types.SizesFor("gc", "amd64"), ResultOf: results, ReadFile: os.ReadFile,
			Report:            func(analysis.Diagnostic) { findings++ },
			ImportObjectFact:  func(types.Object, analysis.Fact) bool { return false },
			ExportObjectFact:  func(types.Object, analysis.Fact) {},
			ImportPackageFact: func(*types.Package, analysis.Fact) bool { return false },
			ExportPackageFact: func(analysis.Fact) {},
			AllObjectFacts:    func() []analysis.ObjectFact { return nil },
			AllPackageFacts:   func() []analysis.PackageFact { return nil },
		})
		if err != nil {
			tb.Fatalf("%s: %v", a.Name, err)
		}
		if a.ResultType != nil && reflect.TypeOf(res) != a.ResultType {
			tb.Fatalf("%s: a result of type %T", a.Name, res)
		}
		results[a] = res
	}
	for _, a := range passes.New(passes.Options{Extended: true, Review: true}).Analyzers() {
		do(a)
	}
	return findings
}

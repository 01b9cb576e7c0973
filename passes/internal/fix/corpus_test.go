package fix

import (
	"bytes"
	"flag"
	"fmt"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"go/types"
	"os"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/packages"

	"github.com/killcheck/killcheck/analyzer/event"
	"github.com/killcheck/killcheck/passes/internal/fix/edit"
	"github.com/killcheck/killcheck/passes/internal/remedy"
)

var (
	corpusDir      = flag.String("corpus.dir", "", "directory of the module to try all builders on")
	corpusApply    = flag.Bool("corpus.apply", false, "write fixes whose stop is never asked for into the files of corpus.dir, so that its tests can tell whether they change anything else")
	corpusPackages = flag.String("corpus.packages", "os/exec,os/signal,net/http/httputil", "packages to try all builders on")
)

// TestCorpus applies every builder wherever it agrees to work in real code, with
// a stop signal that can be written everywhere. The package has to compile
// after each fix, and the formatted file to keep its comments.
func TestCorpus(t *testing.T) {
	if testing.Short() {
		t.Skip("loads packages of the standard library")
	}
	config := &packages.Config{
		Dir:  *corpusDir,
		Mode: packages.NeedName | packages.NeedFiles | packages.NeedImports | packages.NeedTypes | packages.NeedSyntax | packages.NeedTypesInfo | packages.NeedDeps,
	}
	loaded, err := packages.Load(config, strings.Split(*corpusPackages, ",")...)
	if err != nil {
		t.Fatal(err)
	}
	total := 0
	for _, pkg := range loaded {
		if len(pkg.Errors) > 0 {
			continue // not for us to judge
		}
		for i := range pkg.Syntax {
			total += tryFile(t, pkg, i)
		}
	}
	if total < 100 {
		t.Errorf("only %d fixes were tried", total)
	}
	t.Logf("%d fixes", total)
}

// tryFile tries every fix of one file of the package.
func tryFile(t *testing.T, pkg *packages.Package, index int) (tried int) {
	syntax := pkg.Syntax[index]
	name := pkg.Fset.File(syntax.FileStart).Name()
	source, err := os.ReadFile(name)
	if err != nil || bytes.Contains(source, []byte(`import "C"`)) {
		return 0
	}
	var others []*ast.File
	for i, s := range pkg.Syntax {
		if i != index {
			others = append(others, s)
		}
	}
	f := &edit.File{Fset: pkg.Fset, Syntax: syntax, Others: others, Info: pkg.TypesInfo, Pkg: pkg.Types, Src: source}
	var waiting []attempt
	for _, r := range remedies(f) {
		if fix, err := Build(f, r); err == nil {
			waiting = append(waiting, attempt{r, fix.Edits, fix.Exact})
		}
	}
	tried = len(waiting)
	if *corpusApply {
		applyAll(t, name, f, waiting)
	}
	for len(waiting) > 0 {
		var batch []attempt
		var edits []analysis.TextEdit
		batch, edits, waiting = together(waiting)
		if tryEdits(pkg, f, edits) == "" {
			continue // all of them are right
		}
		for _, a := range batch {
			if problem := tryEdits(pkg, f, a.edits); problem != "" {
				t.Errorf("%s: %s: %s", pkg.Fset.Position(a.remedy.Pos), a.remedy.Op, problem)
			}
		}
	}
	return tried
}

// applyAll writes the file with the fixes that do nothing without a stop.
func applyAll(t *testing.T, name string, f *edit.File, all []attempt) {
	all = slices.DeleteFunc(slices.Clone(all), func(a attempt) bool {
		return !a.exact || a.remedy.Op == remedy.Make || a.remedy.Op == remedy.Break
	})
	_, edits, _ := together(all)
	if len(edits) == 0 {
		return
	}
	fixed, err := format.Source(splice(f, edits))
	if err == nil {
		err = os.WriteFile(name, fixed, 0o666)
	}
	if err != nil {
		t.Errorf("%s: %v", name, err)
	}
	t.Logf("%s: %d edits", name, len(edits))
}

type attempt struct {
	remedy remedy.Remedy
	edits  []analysis.TextEdit
	exact  bool
}

// together takes fixes that touch different places, so that one compilation
// tries many.
func together(all []attempt) (batch []attempt, edits []analysis.TextEdit, rest []attempt) {
	for _, a := range all {
		meets := slices.ContainsFunc(a.edits, func(x analysis.TextEdit) bool {
			return slices.ContainsFunc(edits, func(y analysis.TextEdit) bool { return x.Pos <= y.End && y.Pos <= x.End })
		})
		if meets {
			rest = append(rest, a)
			continue
		}
		batch = append(batch, a)
		edits = append(edits, a.edits...)
	}
	return batch, edit.Merge(edits), rest
}

func tryEdits(pkg *packages.Package, f *edit.File, edits []analysis.TextEdit) string {
	fixed := splice(f, edits)
	formatted, err := format.Source(fixed)
	if err != nil {
		return err.Error()
	}
	if clean, err := format.Source(f.Src); err == nil && bytes.Equal(clean, f.Src) && !bytes.Equal(formatted, fixed) {
		// Alignment of comments may change; indentation may not.
		if a, b := leading(fixed), leading(formatted); a != b {
			return "not formatted: " + a + " becomes " + b
		}
	}
	syntax, err := parser.ParseFile(f.Fset, "fixed.go", formatted, parser.ParseComments)
	if err != nil {
		return err.Error()
	}
	was := f.Syntax
	if clean, err := format.Source(f.Src); err == nil { // which may split or join some
		if was, err = parser.ParseFile(token.NewFileSet(), "was.go", clean, parser.ParseComments); err != nil {
			return err.Error()
		}
	}
	if got, want := len(comments(syntax)), len(comments(was)); got != want {
		return fmt.Sprintf("%d comments become %d", want, got)
	}
	config := types.Config{
		Importer:  imported{pkg},
		Sizes:     pkg.TypesSizes,
		GoVersion: "",
	}
	if _, err := config.Check(pkg.PkgPath, f.Fset, append([]*ast.File{syntax}, f.Others...), nil); err != nil {
		return err.Error()
	}
	return ""
}

// leading returns the first line whose indentation is odd, for comparison.
func leading(text []byte) string {
	var b strings.Builder
	for line := range bytes.Lines(text) {
		fmt.Fprintf(&b, "%d ", len(line)-len(bytes.TrimLeft(line, "\t")))
	}
	return b.String()
}

func splice(f *edit.File, edits []analysis.TextEdit) []byte {
	var out []byte
	last := 0
	for _, e := range edits {
		out = append(out, f.Src[last:f.Offset(e.Pos)]...)
		out = append(out, e.NewText...)
		last = f.Offset(e.End)
	}
	return append(out, f.Src[last:]...)
}

type imported struct{ pkg *packages.Package }

func (i imported) Import(path string) (*types.Package, error) {
	if path == "unsafe" {
		return types.Unsafe, nil
	}
	if p := i.pkg.Imports[path]; p != nil {
		return p.Types, nil
	}
	// A fix may import a package that came in by way of another one.
	seen := make(map[*packages.Package]bool)
	var find func(p *packages.Package) *types.Package
	find = func(p *packages.Package) *types.Package {
		for _, dep := range p.Imports {
			if dep.PkgPath == path {
				return dep.Types
			}
			if seen[dep] {
				continue
			}
			seen[dep] = true
			if found := find(dep); found != nil {
				return found
			}
		}
		return nil
	}
	if found := find(i.pkg); found != nil {
		return found, nil
	}
	return nil, fmt.Errorf("package %s was not loaded", path)
}

// remedies returns a remedy for each place where one could be asked for.
func remedies(f *edit.File) []remedy.Remedy {
	const (
		never = "(chan struct{})(nil)"
		err   = "(interface{ Err() error })(nil)"
	)
	var all []remedy.Remedy
	add := func(op remedy.Op, pos token.Pos) {
		stop := event.Stop{Expr: never}
		if len(all)%2 == 0 {
			stop.Ctx = err
		}
		all = append(all, remedy.Remedy{Op: op, Pos: pos, Stop: stop, Capacity: "1", Safe: true})
	}
	more := func(r remedy.Remedy) {
		r.Stop = event.Stop{Expr: never}
		all = append(all, r)
	}
	var lock, given token.Pos // the last calls of Lock and Unlock
	ast.Inspect(f.Syntax, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.ForStmt:
			add(remedy.Loop, n.For)
		case *ast.RangeStmt:
			add(remedy.Loop, n.For)
			add(remedy.Range, n.For)
		case *ast.SelectStmt:
			add(remedy.Select, n.Select)
			add(remedy.EmptySelect, n.Select)
		case *ast.SendStmt:
			add(remedy.Send, n.Arrow)
		case *ast.UnaryExpr:
			if n.Op == token.ARROW {
				add(remedy.Recv, n.OpPos)
			}
		case *ast.CallExpr:
			if fun, ok := n.Fun.(*ast.SelectorExpr); ok && fun.Sel.Name == "Sleep" {
				add(remedy.Sleep, n.Rparen)
			}
			add(remedy.Make, n.Lparen)
			more(remedy.Remedy{Op: remedy.Interrupt, Pos: n.Lparen, Wake: "Close", Arg: -1})
			more(remedy.Remedy{Op: remedy.EndError, Pos: n.Lparen, Use: "io.ErrClosedPipe"})
			if fun, ok := n.Fun.(*ast.SelectorExpr); ok && fun.Sel.Name == "Lock" {
				lock = n.Lparen
			} else if ok && fun.Sel.Name == "Unlock" {
				given = n.Lparen
			} else if lock.IsValid() {
				more(remedy.Remedy{Op: remedy.Unlock, Pos: n.Lparen, At: lock})
			}
		case *ast.ReturnStmt:
			if given.IsValid() {
				more(remedy.Remedy{Op: remedy.Release, Pos: n.Return, At: given})
			}
		case *ast.IfStmt:
			more(remedy.Remedy{Op: remedy.EndError, Pos: n.Cond.Pos()})
		case *ast.CommClause:
			if n.Comm != nil {
				add(remedy.LeaveCase, n.Comm.Pos())
			}
		case *ast.BranchStmt:
			add(remedy.Break, n.Pos())
		}
		return true
	})
	return all
}

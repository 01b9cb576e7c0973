// Package roomtest holds what a room of the engine says of small sources against
// the comments in them, so that a wrong fact shows in the room that it is from.
//
// Each file testdata/NAME.go of a room is a package. A comment at the end of a line,
//
//	ch <- 1 // WANT: at most 1; room 1
//
// tells the facts of that line, in the order of the code. A line without one has no
// facts. FN_ and FP_ in front of the name of a function mark facts that are known to
// be missed, or to be wrong: the comment says what is true today.
//
// A place in a comment is how many lines it is off, so that lines can be added before:
// at +2 is two lines below. One of another file is the name of that. A source may import another, as example.com/m/NAME; what it
// knows of that are the summaries which the room makes, see [RunWith].
package roomtest

import (
	"flag"
	"fmt"
	"go/ast"
	"go/format"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/directive"
	"github.com/killcheck/killcheck/analyzer/kb"
	"github.com/killcheck/killcheck/analyzer/program"
	"github.com/killcheck/killcheck/analyzer/signal"
	"github.com/killcheck/killcheck/analyzer/spawn"
	"github.com/killcheck/killcheck/analyzer/summary"
)

var update = flag.Bool("update", false, "write the comments of the sources anew")

// A Package is one source, as the pipeline of the engine sees it.
type Package struct {
	program.Input
	facts []fact
}

type fact struct {
	pos  token.Pos
	text string
}

// Say notes a fact of the line of pos. What the compiler has made has none.
func (p *Package) Say(pos token.Pos, format string, args ...any) {
	if !pos.IsValid() {
		return
	}
	p.facts = append(p.facts, fact{pos, fmt.Sprintf(format, args...)})
}

// Each calls visit for the instructions of all functions that stand in the source,
// in their order.
func (p *Package) Each(visit func(ssa.Instruction)) {
	for _, fn := range p.Functions {
		if !fn.Pos().IsValid() {
			continue // made by the compiler
		}
		for _, b := range fn.Blocks {
			for _, in := range b.Instrs {
				visit(in)
			}
		}
	}
}

// Run tests each source of the room by what dump says of it.
func Run(t *testing.T, dump func(*Package)) { RunWith(t, nil, dump) }

// A Teller gives what the packages that import this one know of its functions.
type Teller func(*Package) map[*ssa.Function]*summary.Func

// RunWith is Run for sources that import each other.
func RunWith(t *testing.T, tell Teller, dump func(*Package)) {
	files, err := filepath.Glob("testdata/*.go")
	if err != nil || len(files) == 0 {
		t.Fatalf("no sources: %v", err)
	}
	l := newLoader(t, tell, files)
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".go"), func(t *testing.T) {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			p, err := l.load(file)
			if err != nil {
				t.Fatal(err)
			}
			dump(p)
			lines := strings.Split(string(text), "\n")
			for n, got := range p.byLine(len(lines)) {
				want := ""
				if m := comment.FindStringSubmatchIndex(lines[n]); m != nil {
					want = lines[n][m[2]:m[3]]
				}
				if got == want {
					continue
				}
				if !*update {
					t.Errorf("%s:%d: %s\n\tgot  %q\n\twant %q", file, n+1, strings.TrimSpace(comment.ReplaceAllString(lines[n], "")), got, want)
				}
				lines[n] = comment.ReplaceAllString(lines[n], "")
				if got != "" {
					lines[n] += " // WANT: " + got
				}
			}
			if *update {
				text, err := format.Source([]byte(strings.Join(lines, "\n")))
				if err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(file, text, 0o666); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

var comment = regexp.MustCompile(`\s*// WANT: (.*)$`)

// byLine returns the facts of each line, each of them once.
func (p *Package) byLine(count int) []string {
	slices.SortStableFunc(p.facts, func(a, b fact) int { return int(a.pos - b.pos) })
	lines := make([][]string, count)
	for _, f := range p.facts {
		at := p.Fset.Position(f.pos)
		text := offset(f.text, filepath.Base(at.Filename), at.Line)
		if n := at.Line - 1; !slices.Contains(lines[n], text) {
			lines[n] = append(lines[n], text)
		}
	}
	joined := make([]string, count)
	for n, facts := range lines {
		joined[n] = strings.Join(facts, "; ")
	}
	return joined
}

// offset replaces the places in the text: those of the file by how far they are from
// the line, those of others by their file.
func offset(text, file string, line int) string {
	return place.ReplaceAllStringFunc(text, func(s string) string {
		name, number, _ := strings.Cut(s, ":")
		if name != file {
			return name
		}
		n, _ := strconv.Atoi(number)
		return fmt.Sprintf("%+d", n-line)
	})
}

var place = regexp.MustCompile(`\w+\.go:\d+`)

// A loader makes packages of sources, each once.
type loader struct {
	tell  Teller
	fset  *token.FileSet
	std   types.Importer
	done  map[string]*Package // by file
	facts map[*types.Func]*summary.Func
}

func newLoader(t *testing.T, tell Teller, files []string) *loader {
	t.Helper()
	fset := token.NewFileSet()
	std := importer.ForCompiler(fset, "gc", exported(t, files))
	return &loader{tell, fset, std, make(map[string]*Package), make(map[*types.Func]*summary.Func)}
}

// exported finds what the compiler has written of the packages that the files import.
// One call of go list for all of them takes much less time than one for each.
func exported(t *testing.T, files []string) importer.Lookup {
	t.Helper()
	args := []string{"list", "-export", "-deps", "-f", "{{.ImportPath}} {{.Export}}"}
	for _, name := range files {
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ImportsOnly)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range f.Imports {
			if path := strings.Trim(s.Path.Value, `"`); path != "unsafe" && !strings.HasPrefix(path, module+"/") && !slices.Contains(args, path) {
				args = append(args, path)
			}
		}
	}
	out, err := exec.Command("go", args...).Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	at := make(map[string]string)
	for line := range strings.Lines(string(out)) {
		path, file, _ := strings.Cut(strings.TrimSpace(line), " ")
		at[path] = file
	}
	return func(path string) (io.ReadCloser, error) { return os.Open(at[path]) }
}

const module = "example.com/m"

// Import gives the source of that name, which then tells what its functions do.
func (l *loader) Import(path string) (*types.Package, error) {
	name, ok := strings.CutPrefix(path, module+"/")
	if !ok {
		return l.std.Import(path)
	}
	p, err := l.load(filepath.Join("testdata", name+".go"))
	if err != nil {
		return nil, err
	}
	if !p.Exports && l.tell != nil {
		p.Exports = true
		for fn, s := range l.tell(p) {
			if obj, ok := fn.Object().(*types.Func); ok && fn.Parent() == nil && obj.Pkg() == p.Pkg && obj.Exported() && !s.Empty() {
				l.facts[obj] = s
			}
		}
	}
	return p.Pkg, nil
}

func (l *loader) load(name string) (*Package, error) {
	if p := l.done[name]; p != nil {
		return p, nil
	}
	file, err := parser.ParseFile(l.fset, name, nil, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	files := []*ast.File{file}
	info := &types.Info{
		Types: make(map[ast.Expr]types.TypeAndValue), Instances: make(map[*ast.Ident]types.Instance),
		Defs: make(map[*ast.Ident]types.Object), Uses: make(map[*ast.Ident]types.Object),
		Implicits: make(map[ast.Node]types.Object), Selections: make(map[*ast.SelectorExpr]*types.Selection),
		Scopes: make(map[ast.Node]*types.Scope), FileVersions: make(map[*ast.File]string),
	}
	conf := types.Config{Importer: l, GoVersion: "go1.25"}
	pkg, err := conf.Check(module+"/"+file.Name.Name, l.fset, files, info)
	if err != nil {
		return nil, err
	}
	base, err := kb.Std()
	if err != nil {
		return nil, err
	}
	built, fns := program.Build(l.fset, pkg, files, info)
	fact := func(fn *types.Func) *summary.Func { return l.facts[fn] }
	graph := signal.NewGraph(built, fns, program.Unrun(l.fset, files), func(fn *types.Func, arg int) types.ChanDir { return fact(fn).Direction(arg) })
	finder := &spawn.Finder{Graph: graph, Base: base, Fact: fact}
	p := &Package{Input: program.Input{
		Fset: l.fset, Pkg: pkg, Files: files, Info: info,
		Functions: fns, Graph: graph, Base: base, Finder: finder, Sites: finder.Find(fns),
		Fact:       fact,
		Directives: directive.Collect(l.fset, files),
		GoVersion:  "go1.25", Module: module,
	}}
	l.done[name] = p
	return p, nil
}

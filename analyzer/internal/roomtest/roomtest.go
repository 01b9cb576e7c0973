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
	"os"
	"path/filepath"
	"regexp"
	"slices"
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
func Run(t *testing.T, dump func(*Package)) {
	files, err := filepath.Glob("testdata/*.go")
	if err != nil || len(files) == 0 {
		t.Fatalf("no sources: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".go"), func(t *testing.T) {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			p := load(t, file, text)
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
		n := p.Fset.Position(f.pos).Line - 1
		if !slices.Contains(lines[n], f.text) {
			lines[n] = append(lines[n], f.text)
		}
	}
	joined := make([]string, count)
	for n, facts := range lines {
		joined[n] = strings.Join(facts, "; ")
	}
	return joined
}

func load(t *testing.T, name string, text []byte) *Package {
	t.Helper()
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, name, text, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	files := []*ast.File{file}
	info := &types.Info{
		Types: make(map[ast.Expr]types.TypeAndValue), Instances: make(map[*ast.Ident]types.Instance),
		Defs: make(map[*ast.Ident]types.Object), Uses: make(map[*ast.Ident]types.Object),
		Implicits: make(map[ast.Node]types.Object), Selections: make(map[*ast.SelectorExpr]*types.Selection),
		Scopes: make(map[ast.Node]*types.Scope), FileVersions: make(map[*ast.File]string),
	}
	conf := types.Config{Importer: importer.ForCompiler(fset, "gc", nil), GoVersion: "go1.25"}
	pkg, err := conf.Check("example.com/m/"+file.Name.Name, fset, files, info)
	if err != nil {
		t.Fatal(err)
	}
	base, err := kb.Std()
	if err != nil {
		t.Fatal(err)
	}
	built, fns := program.Build(fset, pkg, files, info)
	graph := signal.NewGraph(built, fns, nil)
	none := func(*types.Func) *summary.Func { return nil }
	finder := &spawn.Finder{Graph: graph, Base: base, Fact: none}
	return &Package{Input: program.Input{
		Fset: fset, Pkg: pkg, Files: files, Info: info,
		Functions: fns, Graph: graph, Base: base, Finder: finder, Sites: finder.Find(fns),
		Fact:       none,
		Directives: directive.Collect(fset, files),
		GoVersion:  "go1.25", Module: "example.com/m",
	}}
}

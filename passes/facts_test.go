package passes_test

import (
	"bytes"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/checker"
	"golang.org/x/tools/go/packages"

	"github.com/killcheck/killcheck/analyzer"
	"github.com/killcheck/killcheck/passes"
)

// TestFacts analyses a module of two packages, of which one uses the other, with
// facts that are written down and read back between the packages, one after the
// other and side by side. Both must find the same.
func TestFacts(t *testing.T) {
	if testing.Short() {
		t.Skip("reads much of the standard library")
	}
	pkgs, err := packages.Load(&packages.Config{
		Mode: packages.LoadAllSyntax | packages.NeedModule,
		Dir:  "../testdata/drivers",
		Env:  append(os.Environ(), "GOWORK=off", "GOFLAGS="),
	}, "./...")
	if err != nil {
		t.Fatal(err)
	}
	if packages.PrintErrors(pkgs) > 0 {
		t.Fatal("the module does not load")
	}
	find := func(options checker.Options) (found []string, facts int) {
		var log bytes.Buffer
		options.SanityCheck, options.FactLog = true, &log
		var all []*analysis.Analyzer
		for _, check := range passes.New(passes.Options{Extended: true}) {
			all = append(all, check.Analyzer)
		}
		graph, err := checker.Analyze(all, pkgs, &options)
		if err != nil {
			t.Fatal(err)
		}
		for action := range graph.All() {
			if action.Err != nil {
				t.Errorf("%v: %v", action, action.Err)
			}
			for _, d := range action.Diagnostics {
				found = append(found, fmt.Sprintf("%s: %s: %s", action.Package.Fset.Position(d.Pos), action.Analyzer, d.Message))
			}
		}
		slices.Sort(found)
		return found, strings.Count(log.String(), "\n")
	}
	one, facts := find(checker.Options{Sequential: true})
	if len(one) == 0 || facts == 0 {
		t.Fatalf("%d findings and %d facts: the module shows nothing", len(one), facts)
	}
	if two, _ := find(checker.Options{}); !slices.Equal(one, two) {
		t.Errorf("one after the other:\n%s\nside by side:\n%s", strings.Join(one, "\n"), strings.Join(two, "\n"))
	}
}

// TestNoModule: a driver that tells nothing of modules gets the same facts, of the
// standard library as of the packages of a module.
func TestNoModule(t *testing.T) {
	if testing.Short() {
		t.Skip("reads much of the standard library")
	}
	pkgs, err := packages.Load(&packages.Config{
		Mode: packages.LoadAllSyntax | packages.NeedModule,
		Dir:  "../testdata/drivers",
		Env:  append(os.Environ(), "GOWORK=off", "GOFLAGS="),
	}, "./...")
	if err != nil {
		t.Fatal(err)
	}
	facts := func(a *analysis.Analyzer) (all []string) {
		graph, err := checker.Analyze([]*analysis.Analyzer{a}, pkgs, nil)
		if err != nil {
			t.Fatal(err)
		}
		for act := range graph.All() {
			if act.Analyzer != a {
				continue
			}
			for _, f := range act.AllObjectFacts() {
				if f.Object.Pkg() == act.Package.Types {
					all = append(all, fmt.Sprintf("%s %v %+v", act.Package.ID, f.Object, f.Fact))
				}
			}
		}
		slices.Sort(all)
		return all
	}
	without := *analyzer.Analyzer
	without.Run = func(pass *analysis.Pass) (any, error) {
		pass.Module = nil
		return analyzer.Analyzer.Run(pass)
	}
	want := facts(analyzer.Analyzer)
	if len(want) == 0 {
		t.Fatal("no facts")
	}
	if got := facts(&without); !slices.Equal(got, want) {
		t.Errorf("without a module:\n%s\nwith one:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

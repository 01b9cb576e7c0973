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
	pkgs := driversModule(t)
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

// TestBare: a driver that tells nothing of modules and leaves the reading of files to
// the checks, as nogo does, gets the same facts, of the standard library as of the
// packages of a module, and the same findings with the same fixes.
func TestBare(t *testing.T) {
	if testing.Short() {
		t.Skip("reads much of the standard library")
	}
	pkgs := driversModule(t)
	run := func(checks []*analysis.Analyzer) (facts, found []string) {
		graph, err := checker.Analyze(checks, pkgs, nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, root := range graph.Roots {
			if root.Err != nil {
				t.Error(root.Err)
			}
			for _, d := range root.Diagnostics {
				found = append(found, fmt.Sprintf("%s: %s: %s %d", root.Package.Fset.Position(d.Pos), root.Analyzer, d.Message, len(d.SuggestedFixes)))
			}
		}
		for act := range graph.All() {
			for _, f := range act.AllObjectFacts() {
				if act.Analyzer.Name == analyzer.Analyzer.Name && f.Object.Pkg() == act.Package.Types {
					facts = append(facts, fmt.Sprintf("%s %v %+v", act.Package.ID, f.Object, f.Fact))
				}
			}
		}
		slices.Sort(facts)
		slices.Sort(found)
		return facts, found
	}
	bare := func(a *analysis.Analyzer) *analysis.Analyzer {
		run := a.Run
		a.Run = func(pass *analysis.Pass) (any, error) {
			pass.Module, pass.ReadFile = nil, nil
			return run(pass)
		}
		return a
	}
	checks, bareChecks := passes.New(passes.Options{Review: true, Extended: true}).Analyzers(), passes.New(passes.Options{Review: true, Extended: true}).Analyzers()
	for _, check := range bareChecks {
		bare(check)
	}
	engine := *analyzer.Analyzer
	wantFacts, wantFound := run(append(checks, analyzer.Analyzer))
	_, found := run(bareChecks)
	facts, _ := run([]*analysis.Analyzer{bare(&engine)})
	if len(wantFacts) == 0 || len(wantFound) < 5 {
		t.Fatalf("%d facts, %d findings: the module shows nothing", len(wantFacts), len(wantFound))
	}
	if !slices.Equal(facts, wantFacts) {
		t.Errorf("facts:\n%s\nwant:\n%s", strings.Join(facts, "\n"), strings.Join(wantFacts, "\n"))
	}
	if !slices.Equal(found, wantFound) {
		t.Errorf("findings:\n%s\nwant:\n%s", strings.Join(found, "\n"), strings.Join(wantFound, "\n"))
	}
}

// driversModule reads the corpus of the drivers.
func driversModule(t *testing.T) []*packages.Package {
	t.Helper()
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
	return pkgs
}

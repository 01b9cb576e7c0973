package main

import (
	"errors"
	"go/ast"
	"os"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"

	"github.com/killcheck/killcheck/cmd/killcheck/internal/apply"
)

// asTool makes the test binary run as killcheck, so that the scripts, and the
// go command with -vettool, can start it.
const asTool = "KILLCHECK_TEST_TOOL"

// plantedFailure gives the tool a further check, which fails in packages named
// failing, panics in those named panicking, and offers fixes that overlap in
// those named overlapping.
const plantedFailure = "KILLCHECK_TEST_FAILURE"

func TestMain(m *testing.M) {
	if os.Getenv(asTool) != "" {
		os.Exit(int(dispatch(testSuite(), os.Args[1:])))
	}
	os.Exit(m.Run())
}

// longVariable in the environment asks for tests that take long, as the section
// "long" of .ci/run does.
const longVariable = "KILLCHECK_TEST_LONG"

// long skips a test that builds killcheck anew or waits for long, unless it is
// asked for.
func long(t *testing.T) {
	t.Helper()
	if os.Getenv(longVariable) == "" {
		t.Skip(longVariable + " is not set")
	}
}

// testSuite is the suite with a check that fails on demand.
func testSuite() suite {
	s := newSuite()
	if os.Getenv(plantedFailure) == "" {
		return s
	}
	s.checks = append(s.checks, check{"planted", tierCore, &analysis.Analyzer{
		Name: "planted",
		Doc:  "planted: fail on demand",
		Run: func(pass *analysis.Pass) (any, error) {
			switch pass.Pkg.Name() {
			case "failing":
				return nil, errors.New("planted error")
			case "panicking":
				panic("planted panic")
			case "overlapping":
				return nil, overlap(pass)
			}
			return nil, nil
		},
	}})
	return s
}

// overlap reports each 1 in a list of two values, with a fix that makes it a 2 and
// writes the whole list.
func overlap(pass *analysis.Pass) error {
	spec := pass.Files[0].Decls[0].(*ast.GenDecl).Specs[0].(*ast.ValueSpec)
	a, b := spec.Values[0].(*ast.BasicLit), spec.Values[1].(*ast.BasicLit)
	text, err := pass.ReadFile(pass.Fset.File(a.Pos()).Name())
	if err != nil {
		return err
	}
	for i, lit := range []*ast.BasicLit{a, b} {
		values := []string{a.Value, b.Value}
		if values[i] != "1" {
			continue
		}
		values[i] = "2"
		pass.Report(analysis.Diagnostic{
			Pos: lit.Pos(), Category: "planted", Message: "a one",
			SuggestedFixes: []analysis.SuggestedFix{{Message: "make it two", TextEdits: []analysis.TextEdit{
				{Pos: a.Pos(), End: b.End(), NewText: []byte(strings.Join(values, ", "))},
			}}},
			Related: []analysis.RelatedInformation{{Pos: pass.Files[0].FileStart, Message: "killcheck:source " + apply.Sum(text)}},
		})
	}
	return nil
}

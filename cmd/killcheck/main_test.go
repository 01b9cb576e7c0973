package main

import (
	"errors"
	"os"
	"testing"

	"golang.org/x/tools/go/analysis"
)

// asTool makes the test binary run as killcheck, so that the scripts, and the
// go command with -vettool, can start it.
const asTool = "KILLCHECK_TEST_TOOL"

// plantedFailure gives the tool a further check, which fails in packages named
// failing and panics in those named panicking.
const plantedFailure = "KILLCHECK_TEST_FAILURE"

func TestMain(m *testing.M) {
	if os.Getenv(asTool) != "" {
		os.Exit(int(dispatch(testSuite(), os.Args[1:])))
	}
	os.Exit(m.Run())
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
			}
			return nil, nil
		},
	}})
	return s
}

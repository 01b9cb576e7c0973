// Command otherdrivers runs the Analyzer of each check, as it stands in the package
// of the check, with the drivers of golang.org/x/tools. A test of the command
// compares what they find. The variable DRIVER says which driver runs.
package main

import (
	"fmt"
	"os"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/checker"
	"golang.org/x/tools/go/analysis/multichecker"
	"golang.org/x/tools/go/analysis/singlechecker"
	"golang.org/x/tools/go/analysis/unitchecker"
	"golang.org/x/tools/go/packages"

	"github.com/killcheck/killcheck/passes/abandoned"
	"github.com/killcheck/killcheck/passes/detached"
	"github.com/killcheck/killcheck/passes/dirtystop"
	"github.com/killcheck/killcheck/passes/endless"
	"github.com/killcheck/killcheck/passes/falsestop"
	"github.com/killcheck/killcheck/passes/heldlock"
	"github.com/killcheck/killcheck/passes/ignoredstop"
	"github.com/killcheck/killcheck/passes/unclosed"
	"github.com/killcheck/killcheck/passes/uninterruptible"
	"github.com/killcheck/killcheck/passes/unjoined"
	"github.com/killcheck/killcheck/passes/unreleased"
	"github.com/killcheck/killcheck/passes/unsafekill"
)

var checks = []*analysis.Analyzer{
	abandoned.Analyzer,
	detached.Analyzer,
	dirtystop.Analyzer,
	endless.Analyzer,
	falsestop.Analyzer,
	heldlock.Analyzer,
	ignoredstop.Analyzer,
	unclosed.Analyzer,
	uninterruptible.Analyzer,
	unjoined.Analyzer,
	unreleased.Analyzer,
	unsafekill.Analyzer,
}

func main() {
	switch driver := os.Getenv("DRIVER"); driver {
	case "multichecker":
		multichecker.Main(checks...)
	case "singlechecker":
		singlechecker.Main(endless.Analyzer)
	case "unitchecker":
		unitchecker.Main(checks...)
	case "checker":
		if err := check(os.Args[1:]); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	default:
		fmt.Fprintf(os.Stderr, "there is no driver %q\n", driver)
		os.Exit(2)
	}
}

// check is a driver over go/packages, such as one would write for oneself.
func check(patterns []string) error {
	for _, a := range checks {
		if flag := a.Flags.Lookup("extended"); flag != nil {
			if err := flag.Value.Set("true"); err != nil {
				return err
			}
		}
	}
	mode := packages.LoadAllSyntax | packages.NeedModule
	pkgs, err := packages.Load(&packages.Config{Mode: mode, Tests: true}, patterns...)
	if err != nil {
		return err
	}
	graph, err := checker.Analyze(checks, pkgs, nil)
	if err != nil {
		return err
	}
	return graph.PrintJSON(os.Stdout)
}

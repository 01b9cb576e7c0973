// Command golangci is golangci-lint with killcheck in it, built by hand instead
// of by "golangci-lint custom", which needs git and the network. The test beside
// it compares its findings with those of killcheck.
package main

import (
	"fmt"
	"os"
	"runtime"

	"github.com/golangci/golangci-lint/v2/pkg/commands"
	"github.com/golangci/golangci-lint/v2/pkg/exitcodes"

	_ "github.com/killcheck/killcheck/cmd/killcheck/gclplugin"
)

func main() { os.Exit(run()) }

// run gives no version: with one, golangci-lint would keep using the findings of
// an older killcheck.
func run() int {
	err := commands.Execute(commands.BuildInfo{Version: "(devel)", GoVersion: runtime.Version(), Commit: "?", Date: "?"})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return exitcodes.Failure
	}
	return exitcodes.Success
}

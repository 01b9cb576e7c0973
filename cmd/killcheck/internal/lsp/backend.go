package lsp

import (
	"context"

	"github.com/killcheck/killcheck/cmd/killcheck/internal/finding"
)

// A Backend analyzes packages. Analyze may be called by several goroutines.
type Backend interface {
	// Analyze gives the findings in the files of one package directory, its
	// test files included. When ctx ends it returns soon and leaves no process
	// behind. An error means that nothing is known about the package: it does
	// not compile, or the tool failed. A [Notice] is an error for the user.
	Analyze(ctx context.Context, req Request) ([]finding.Finding, error)
}

// A Request says what to analyze.
type Request struct {
	Dir     string            // absolute name of the package directory
	Overlay map[string]string // text of files that differs from the disk, by absolute name
	Hidden  []string          // files to leave out, for a faster answer
	Flags   []string          // build flags such as -tags=x
	Env     []string          // additions to the environment, NAME=value
}

// A Notice is an error that the user must act on.
type Notice struct{ Text string }

func (n *Notice) Error() string { return n.Text }

// Killcheck finds goroutines that cannot be stopped, and edits the code so
// that they can.
//
// Usage:
//
//	killcheck [flags] [packages]
//	killcheck explain CHECK|SYMBOL
//	killcheck explain [flags] FILE.go:LINE[:COLUMN]
//	killcheck map [flags] [packages]
//	killcheck gopls [gopls arguments]
//	killcheck lsp [flags]
//
// It is also an analysis tool for "go vet -vettool" and "go fix -fixtool".
// Run "killcheck -h" for the flags.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"github.com/killcheck/killcheck/internal/plain"
)

func main() {
	os.Exit(int(dispatch(newSuite(), os.Args[1:])))
}

// standardError returns the way to standard error. What others wrote, such as the
// names of files, takes no other.
func standardError() *plain.Writer { return plain.NewWriter(os.Stderr) }

// dispatch runs the face that the arguments ask for: the protocol of go vet,
// a language server, or the command line.
func dispatch(s suite, args []string) exitCode {
	if call, ok := readVetCall(args); ok {
		return vetFace(s, call)
	}
	switch {
	case isShim(os.Args[0]):
		return exitCode(runShim(args))
	case len(args) > 0 && args[0] == "gopls":
		return exitCode(runGopls(args[1:]))
	case len(args) > 0 && args[0] == "lsp":
		return exitCode(runLSP(args[1:]))
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	c := &command{suite: s, stdout: plain.NewWriter(os.Stdout), stderr: standardError()}
	return c.main(ctx, args)
}

package lsp

import (
	"context"
	"fmt"
	"go/ast"
	"io"
	"log"
	"os"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/unitchecker"
)

// role is the environment variable that makes the test binary another program:
// a gopls that can be told to fail, or one of the two language servers.
const role = "KILLCHECK_LSP_TEST_ROLE"

// realGopls is the environment variable that names gopls for the role "proxy".
const realGopls = "KILLCHECK_LSP_TEST_GOPLS"

// ignorable is the environment variable that has comments offered that ignore toy.
const ignorable = "KILLCHECK_LSP_TEST_IGNORABLE"

func TestMain(m *testing.M) {
	for _, arg := range os.Args[1:] {
		if arg == "-V=full" || arg == "-flags" || strings.HasSuffix(arg, ".cfg") {
			unitchecker.Main(toy(), census()) // go vet runs us as its tool
		}
	}
	switch os.Getenv(role) {
	case "gopls":
		os.Exit(fakeGopls(os.Stdin, os.Stdout))
	case "proxy":
		p := &Proxy{Config: toyConfig(os.Stderr), Gopls: os.Getenv(realGopls), Args: os.Args[1:], In: os.Stdin, Out: os.Stdout}
		if p.Gopls == os.Args[0] {
			os.Setenv(role, "gopls")
		}
		os.Exit(p.Run(context.Background()))
	case "server":
		s := &Server{Config: toyConfig(os.Stderr), Version: "test", In: os.Stdin, Out: os.Stdout}
		os.Exit(s.Run(context.Background()))
	}
	os.Exit(m.Run())
}

// toyConfig runs the toy check through go vet, as the real servers run theirs.
func toyConfig(w io.Writer) Config {
	return Config{
		Backend:   &Vet{Tool: os.Args[0], Flags: []string{"-toy", "-toy.review", "-census"}, Census: "census"},
		Ignorable: func(string) bool { return os.Getenv(ignorable) != "" },
		Explain:   func(check string) string { return "what " + check + " is about" },
		Link:      func(check string) string { return "https://example.com/" + check },
		Log:       log.New(w, "killcheck: ", 0),
	}
}

// toy reports every call of a function named leak. The safe fix calls stop
// instead, the one for review calls nothing.
func toy() *analysis.Analyzer {
	a := &analysis.Analyzer{Name: "toy", Doc: "report calls of leak"}
	review := a.Flags.Bool("review", false, "offer fixes for review")
	a.Run = func(pass *analysis.Pass) (any, error) {
		for _, file := range pass.Files {
			for n := range ast.Preorder(file) {
				call, ok := n.(*ast.CallExpr)
				if !ok {
					continue
				}
				id, ok := call.Fun.(*ast.Ident)
				if !ok || id.Name != "leak" {
					continue
				}
				d := analysis.Diagnostic{
					Pos: call.Pos(), End: call.End(), Category: "toy",
					Message: fmt.Sprintf("leak with %d arguments", len(call.Args)),
					Related: []analysis.RelatedInformation{{Pos: file.Package, Message: "the file begins here"}},
				}
				if *review {
					d.SuggestedFixes = append(d.SuggestedFixes, analysis.SuggestedFix{
						Message:   "do nothing (review)",
						TextEdits: []analysis.TextEdit{{Pos: call.Pos(), End: call.End(), NewText: []byte("_ = 0")}},
					})
				}
				d.SuggestedFixes = append(d.SuggestedFixes, analysis.SuggestedFix{
					Message:   "call stop",
					TextEdits: []analysis.TextEdit{{Pos: id.Pos(), End: id.End(), NewText: []byte("stop")}},
				})
				pass.Report(d)
			}
		}
		return nil, nil
	}
	return a
}

// census has a finding in every package.
func census() *analysis.Analyzer {
	return &analysis.Analyzer{Name: "census", Doc: "report every package", Run: func(pass *analysis.Pass) (any, error) {
		pass.Report(analysis.Diagnostic{Pos: pass.Files[0].Package, Category: "census", Message: "here"})
		return nil, nil
	}}
}

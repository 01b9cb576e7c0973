package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log"
	"os"
	"os/signal"
	"syscall"

	"github.com/killcheck/killcheck/cmd/killcheck/internal/lsp"
	"github.com/killcheck/killcheck/internal/plain"
)

const lspUsage = `usage: killcheck lsp [flags]

Killcheck lsp is a language server on standard input and output. It publishes
findings, offers their fixes and explains them in hovers. It is for editors that
run several servers for one language, beside gopls. For the others there is
"killcheck gopls".
`

// runLSP is the subcommand lsp.
func runLSP(args []string) int {
	flags := flag.NewFlagSet("killcheck lsp", flag.ContinueOnError)
	flags.SetOutput(standardError())
	var e editorOptions
	e.register(flags, "")
	flags.Usage = func() {
		fmt.Fprint(flags.Output(), lspUsage)
		flags.PrintDefaults()
	}
	switch err := flags.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		return 0
	case err != nil:
		return 2
	case flags.NArg() > 0:
		fmt.Fprintf(standardError(), "killcheck lsp: unexpected argument %q\n", flags.Arg(0))
		return 2
	}
	cfg, done, err := e.config()
	if err != nil {
		fmt.Fprintf(standardError(), "killcheck lsp: %v\n", err)
		return 2
	}
	defer done()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	server := &lsp.Server{Config: cfg, Version: programVersion(), In: os.Stdin, Out: os.Stdout}
	return server.Run(ctx)
}

// editorOptions are the flags of both language servers.
type editorOptions struct {
	checks string
	log    string
	rows   fileList
}

func (e *editorOptions) register(flags *flag.FlagSet, prefix string) {
	flags.StringVar(&e.checks, prefix+"checks", tierCore, "the `checks` whose findings are shown, as for the command line")
	flags.Var(&e.rows, prefix+"rows", "`file` with rows for the knowledge base; may be repeated")
	flags.StringVar(&e.log, prefix+"log", "", "write the log to this `file` instead of standard error")
}

// config makes the part that both servers have in common. The caller calls done
// at the end.
func (e *editorOptions) config() (cfg lsp.Config, done func(), err error) {
	suite := newSuite()
	selected, err := suite.choose(e.checks)
	if err != nil {
		return cfg, nil, err
	}
	self, err := os.Executable()
	if err != nil {
		return cfg, nil, fmt.Errorf("cannot find this program, which go vet has to run: %w", err)
	}
	rows, err := e.rows.read(".")
	if err != nil {
		return cfg, nil, err
	}
	env, done, err := shareRows(rows)
	if err != nil {
		return cfg, nil, err
	}
	out := standardError()
	if e.log != "" {
		file, err := os.OpenFile(e.log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o666)
		if err != nil {
			done()
			return cfg, nil, err
		}
		removeRows := done
		out, done = plain.NewWriter(file), func() {
			removeRows()
			file.Close() // a log that is cut short is no failure
		}
	}
	cfg = lsp.Config{
		Backend: &lsp.Vet{
			Tool:   self,
			Flags:  append(suite.toolFlags(suite.lessCertain(selected)), rowsFlags(rows)...),
			Shown:  selected.shows,
			Census: suite.census.Name,
			Env:    env,
		},
		Explain: func(name string) string {
			c, ok := suite.find(name)
			if !ok {
				return ""
			}
			return c.analyzer.Doc
		},
		Link: func(name string) string {
			c, ok := suite.find(name)
			if !ok {
				return ""
			}
			return c.analyzer.URL
		},
		Log: log.New(out, "killcheck: ", log.Ltime),
	}
	return cfg, done, nil
}

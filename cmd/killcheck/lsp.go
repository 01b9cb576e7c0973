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

	"github.com/killcheck/killcheck/cmd/killcheck/internal/cli"
	"github.com/killcheck/killcheck/cmd/killcheck/internal/config"
	"github.com/killcheck/killcheck/cmd/killcheck/internal/finding"
	"github.com/killcheck/killcheck/cmd/killcheck/internal/lsp"
	"github.com/killcheck/killcheck/internal/plain"
)

func lspCommand() *cli.Command {
	return &cli.Command{
		Name: "lsp", Args: []string{"[flags]"}, Summary: "a language server to run beside gopls",
		Text: `It talks on standard input and output, publishes findings, offers their fixes and explains them in
hovers. It is for editors that run several servers for one language. For the others there is
"killcheck gopls".`,
		Flags: func() *flag.FlagSet { return new(editorOptions).flags("lsp", "") },
	}
}

// runLSP is the subcommand lsp.
func runLSP(args []string) int {
	var e editorOptions
	switch rest, err := cli.Parse(e.flags("lsp", ""), args, nil); {
	case errors.Is(err, flag.ErrHelp):
		cli.Help(os.Stdout, "killcheck", lspCommand())
		return 0
	case err != nil:
		return fail("lsp", err)
	case len(rest) > 0:
		return fail("lsp", fmt.Errorf("unexpected argument %q", rest[0]))
	}
	cfg, done, err := e.config()
	if err != nil {
		return fail("lsp", err)
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

// flags returns the flags of a server, to be parsed into the options.
func (e *editorOptions) flags(name, prefix string) *flag.FlagSet {
	flags := flag.NewFlagSet("killcheck "+name, flag.ContinueOnError)
	flags.StringVar(&e.checks, prefix+"checks", "", "the `checks` whose findings are shown, as for the command line, instead of those of .killcheck.yaml")
	flags.Var(&e.rows, prefix+"rows", "`file` with rows for the knowledge base; may be repeated")
	flags.StringVar(&e.log, prefix+"log", "", "write the log to this `file` instead of standard error")
	return flags
}

// config makes the part that both servers have in common. The caller calls done
// at the end.
func (e *editorOptions) config() (cfg lsp.Config, done func(), err error) {
	suite := newSuite()
	over := config.Overrides{}
	if over.Default, err = suite.choose(tierCore); err != nil {
		return cfg, nil, err
	}
	if e.checks != "" {
		if over.Checks, err = suite.choose(e.checks); err != nil {
			return cfg, nil, err
		}
	}
	self, err := os.Executable()
	if err != nil {
		return cfg, nil, fmt.Errorf("cannot find this program, which go vet has to run: %w", err)
	}
	rows, err := e.rows.read(".")
	if err != nil {
		return cfg, nil, err
	}
	shared := new(sharedRows)
	done = shared.remove
	out := standardError()
	if e.log != "" {
		file, err := os.OpenFile(e.log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o666)
		if err != nil {
			return cfg, nil, err
		}
		out, done = plain.NewWriter(file), func() {
			shared.remove()
			file.Close() // a log that is cut short is no failure
		}
	}
	setup := func(dir string) (lsp.Setup, error) {
		r := &request{suite: suite, configs: config.NewSet(suite.selectable(), dir, ""), wanted: over, rows: rows, log: func(string, ...any) {}}
		if err := r.configure([]string{dir}); err != nil {
			return lsp.Setup{}, err
		}
		env, err := shared.share(r.rows)
		if err != nil {
			return lsp.Setup{}, err
		}
		return lsp.Setup{
			Flags: append(suite.toolFlags(r.extended), rowsFlags(r.rows)...),
			Env:   env,
			Shown: func(f *finding.Finding) bool {
				f.Severity = string(r.configs.Of(f.File).Severity(f.File, f.Check, f.Extended))
				return r.shows(*f)
			},
		}, nil
	}
	cfg = lsp.Config{
		Backend: &lsp.Vet{Tool: self, Setup: setup, Census: suite.census.Name},
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
		Ignorable: suite.mutes,
		Log:       log.New(out, "killcheck: ", log.Ltime),
	}
	return cfg, done, nil
}

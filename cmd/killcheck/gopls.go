package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/killcheck/killcheck/cmd/killcheck/internal/cli"
	"github.com/killcheck/killcheck/cmd/killcheck/internal/lsp"
)

func goplsCommand() *cli.Command {
	return &cli.Command{
		Name: "gopls", Args: []string{"[flags] [gopls arguments]", "install DIRECTORY", "build [flags]"}, Summary: "gopls with findings, for editors",
		Text: `It starts the real gopls, passes on everything between it and the editor, and adds findings to the
diagnostics, fixes to the code actions, and explanations to the hovers. Arguments with which gopls
would not serve an editor go straight to gopls.

The real gopls is the first one in the path, or the one that the environment variable
KILLCHECK_GOPLS names.

Install puts killcheck under the name gopls into a directory, for editors that look at the name.
Build makes a gopls that holds the checks itself; "killcheck gopls build -h" lists its flags.`,
		Words: []string{"install", "build"},
		Flags: func() *flag.FlagSet { return new(editorOptions).flags("gopls", ownPrefix) },
	}
}

// isShim reports whether the program was called by the name gopls.
func isShim(name string) bool {
	name = filepath.Base(name)
	return strings.TrimSuffix(strings.ToLower(name), ".exe") == "gopls"
}

// runGopls is the subcommand gopls.
func runGopls(args []string) int {
	if len(args) > 0 {
		switch args[0] {
		case "install":
			return installShim(args[1:])
		case "build":
			return buildGopls(args[1:])
		case "-h", "-help", "--help":
			cli.Help(os.Stdout, "killcheck", goplsCommand())
			return 0
		}
	}
	return runShim(args)
}

// runShim stands in for gopls.
func runShim(args []string) int {
	own, rest := splitArgs(args)
	var e editorOptions
	if _, err := cli.Parse(e.flags("gopls", ownPrefix), own, nil); err != nil {
		return fail("gopls", err)
	}
	if lsp.InProxy() {
		return fail("gopls", errors.New("found itself in the place of gopls; set "+lsp.GoplsVariable+" to the real one"))
	}
	path, err := lsp.FindGopls()
	if err != nil {
		return fail("gopls", err)
	}
	if !lsp.Serves(rest) {
		code, err := lsp.Exec(path, rest)
		if err != nil {
			return fail("gopls", fmt.Errorf("running %s: %w", path, err))
		}
		return code
	}
	cfg, done, err := e.config()
	if err != nil {
		return fail("gopls", err)
	}
	defer done()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	proxy := &lsp.Proxy{Config: cfg, Gopls: path, Args: rest, In: os.Stdin, Out: os.Stdout}
	return proxy.Run(ctx)
}

const ownPrefix = "killcheck."

// splitArgs takes our flags, which have the form -killcheck.name=value, out of
// the arguments of gopls.
func splitArgs(args []string) (own, rest []string) {
	for _, arg := range args {
		if strings.HasPrefix(strings.TrimLeft(arg, "-"), ownPrefix) && strings.HasPrefix(arg, "-") {
			own = append(own, arg)
		} else {
			rest = append(rest, arg)
		}
	}
	return own, rest
}

func installShim(args []string) int {
	if len(args) != 1 || strings.HasPrefix(args[0], "-") {
		fmt.Fprintln(standardError(), "usage: killcheck gopls install DIRECTORY")
		return 2
	}
	name, err := lsp.InstallShim(args[0])
	if err != nil {
		return fail("gopls install", err)
	}
	fmt.Println(name)
	return 0
}

func buildGopls(args []string) int {
	b := lsp.Build{Log: standardError()}
	flags := flag.NewFlagSet("killcheck gopls build", flag.ContinueOnError)
	flags.StringVar(&b.Gopls, "gopls", lsp.GoplsVersion, "`version` of gopls")
	flags.StringVar(&b.Module, "killcheck", programVersion(), "`version` of killcheck")
	flags.StringVar(&b.Directory, "source", "", "`directory` with the source of killcheck, instead of a version")
	flags.BoolVar(&b.Extended, "extended", false, "add the checks of the extended tier, too")
	flags.StringVar(&b.Output, "o", "gopls", "the `file` to write")
	switch rest, err := cli.Parse(flags, args, nil); {
	case errors.Is(err, flag.ErrHelp):
		cli.Help(os.Stdout, "killcheck gopls", &cli.Command{Name: "build", Args: []string{"[flags]"}, Summary: "make a gopls that holds the checks", Flags: func() *flag.FlagSet { return flags }})
		return 0
	case err != nil:
		return fail("gopls build", err)
	case len(rest) > 0:
		return fail("gopls build", fmt.Errorf("unexpected argument %q", rest[0]))
	}
	if b.Directory == "" && strings.HasPrefix(b.Module, "(") {
		return fail("gopls build", errors.New("this killcheck has no version; name its source with -source or a version with -killcheck"))
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := b.Run(ctx); err != nil {
		return fail("gopls build", err)
	}
	return 0
}

func fail(what string, err error) int {
	fmt.Fprintf(standardError(), "killcheck %s: %v\n", what, err)
	return 2
}

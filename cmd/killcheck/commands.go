package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"runtime"
	"slices"
	"strings"

	"github.com/killcheck/killcheck/cmd/killcheck/internal/cli"
	"github.com/killcheck/killcheck/cmd/killcheck/internal/format"
)

// commands describes the command line: the program itself, whose name is empty, and
// its subcommands. Each example can be run as it stands, in a module.
func (c *command) commands() []*cli.Command {
	flags := func(name string) func() *flag.FlagSet {
		return func() *flag.FlagSet { return new(options).flags(name) }
	}
	all := []*cli.Command{
		{
			Summary: "find goroutines that cannot be stopped",
			Args:    []string{"[flags] [packages]", "-fix [-review] [flags] [packages]", "COMMAND [arguments]"},
			Text: `Without packages it looks at the package of the current directory. A package may be a Go file: then
the package of the file is analysed, and only the findings in the file are shown.

Exit codes: 0 nothing found, 1 findings, 2 not everything could be analysed or fixed.`,
			Examples: []cli.Example{
				{Line: "killcheck ./...", What: "all packages of the module"},
				{Line: "killcheck -diff ./...", What: "what -fix would change"},
				{Line: "killcheck ./... -checks=core,unjoined", What: "a check of the extended tier, too"},
				{Line: "killcheck -format=sarif -o killcheck.sarif ./...", What: "for code scanning"},
				{Line: "killcheck -format=text,junit:killcheck.xml ./...", What: "for people, and for a test reporter"},
			},
			Flags: flags(""), Values: c.values,
		},
		{
			Name: "help", Args: []string{"[COMMAND]"}, Summary: "describe a command",
			Examples: []cli.Example{{Line: "killcheck help map", What: "the same as killcheck map -h"}},
		},
		{
			Name: "version", Args: []string{""}, Summary: "print the version, and the Go that killcheck was built with",
			Examples: []cli.Example{{Line: "killcheck version", What: "for a report of a fault"}},
		},
		{
			Name: "checks", Args: []string{""}, Summary: "list the checks with their tiers",
			Examples: []cli.Example{{Line: "killcheck checks", What: "the names that -checks and the directives take"}},
		},
		{
			Name: "explain", Args: []string{"CHECK", "SYMBOL", "[flags] FILE.go:LINE[:COLUMN]"},
			Summary: "describe a check, what is known of a function, or what waits at a line",
			Examples: []cli.Example{
				{Line: "killcheck explain endless", What: "the page of a check"},
				{Line: "killcheck explain time.Sleep", What: "what the knowledge base says of a function"},
				{Line: "killcheck explain fetch.go:7", What: "what waits there, what ends it, and how the goroutine ends"},
			},
			Flags: flags("explain"), Values: c.values,
		},
		{
			Name: "map", Args: []string{"[flags] [packages]"}, Summary: "list every goroutine and how it ends",
			Text:     "The exit code is 1 if one of them is stuck, or if a check of the core reports it.",
			Examples: []cli.Example{{Line: "killcheck map ./...", What: "those of all packages of the module"}},
			Flags:    flags("map"), Values: c.values,
		},
		{
			Name: "completion", Args: []string{strings.Join(cli.Shells(), "|")}, Summary: "print a script that completes command lines in a shell",
			Examples: []cli.Example{
				{Line: "killcheck completion bash", What: "in ~/.bashrc: source <(killcheck completion bash)"},
				{Line: "killcheck completion zsh", What: "in ~/.zshrc, after compinit: source <(killcheck completion zsh)"},
				{Line: "killcheck completion fish", What: "once: killcheck completion fish >~/.config/fish/completions/killcheck.fish"},
			},
			Words: cli.Shells(),
		},
		{
			Name: "ignores", Args: []string{"[flags] [packages]"}, Summary: "list the comments that silence killcheck, with their reasons",
			Text:     "The exit code is 1 if one of them is ill-formed. Which are not needed, the check directive reports.",
			Examples: []cli.Example{{Line: "killcheck ignores ./...", What: "those of all packages of the module"}},
			Flags:    flags("ignores"), Values: c.values,
		},
		mergeCommand(), c.configCommand(), goplsCommand(), lspCommand(),
	}
	names := cli.Names(all)
	for _, one := range all {
		switch one.Name {
		case "help":
			one.Words = names
		case "explain":
			one.Words = c.suite.names()
		}
	}
	return all
}

// values returns the words that a flag can be set to, for those that have a list.
func (c *command) values(flag string) []string {
	switch flag {
	case "checks":
		return append([]string{tierCore, tierExtended, "all"}, c.suite.names()...)
	case "format":
		return format.Names()
	case "color":
		return colors
	case "driver":
		return driverNames
	}
	return nil
}

// run runs the subcommand that the arguments begin with, or else the linter.
func (c *command) run(ctx context.Context, args []string) (exitCode, error) {
	word, rest := "", args
	if len(args) > 0 && slices.Contains(cli.Names(c.commands()), args[0]) {
		word, rest = args[0], args[1:]
	}
	switch word {
	case "help":
		return c.helpOn(rest)
	case "version", "checks":
		return c.print(word, rest)
	case "explain":
		return c.explain(ctx, rest)
	case "map":
		return c.census(ctx, rest)
	case "completion":
		return c.completion(rest)
	case "config":
		return c.configure(ctx, rest)
	case "ignores":
		return c.ignores(ctx, rest)
	case "merge":
		return c.merge(ctx, rest)
	}
	o, err := c.parseOptions("", rest)
	if err != nil {
		return exitFailure, err
	}
	return c.lint(ctx, o)
}

// help prints the page of a command. That of the program lists the others.
func (c *command) help(name string) { writeHelp(c.stdout, c.commands(), name) }

func writeHelp(w io.Writer, commands []*cli.Command, name string) {
	for _, one := range commands {
		if one.Name != name {
			continue
		}
		if name == "" {
			shown := *one
			var list strings.Builder
			cli.List(&list, commands)
			shown.Text += "\n\nCommands:\n" + strings.TrimRight(list.String(), "\n") + "\n\nEach of them has a page: killcheck help COMMAND."
			one = &shown
		}
		cli.Help(w, "killcheck", one)
	}
}

// asksForHelp reports whether the arguments of a command without flags do.
func asksForHelp(args []string) bool {
	return slices.ContainsFunc(args, func(arg string) bool { return arg == "-h" || arg == "-help" || arg == "--help" })
}

func (c *command) helpOn(args []string) (exitCode, error) {
	names := cli.Names(c.commands())
	switch {
	case len(args) == 0:
		c.help("")
	case asksForHelp(args):
		c.help("help")
	case len(args) > 1:
		return exitFailure, &usageError{"help takes one command", "help"}
	case slices.Contains(names, args[0]):
		c.help(args[0])
	default:
		if _, ok := c.suite.find(args[0]); ok {
			return exitFailure, &usageError{fmt.Sprintf("%q is a check: \"killcheck explain %[1]s\" describes it", args[0]), "help"}
		}
		return exitFailure, &usageError{fmt.Sprintf("unknown command %q%s", args[0], cli.Hint(args[0], names)), ""}
	}
	return exitClean, nil
}

// print runs a command that takes no arguments.
func (c *command) print(name string, args []string) (exitCode, error) {
	switch {
	case asksForHelp(args):
		c.help(name)
		return exitClean, nil
	case len(args) > 0:
		return exitFailure, &usageError{name + " takes no arguments", name}
	case name == "checks":
		return exitClean, c.suite.list(c.stdout)
	}
	fmt.Fprintln(c.stdout, "killcheck", programVersion(), "built with", runtime.Version())
	return exitClean, nil
}

func (c *command) completion(args []string) (exitCode, error) {
	switch {
	case asksForHelp(args):
		c.help("completion")
	case len(args) != 1:
		return exitFailure, &usageError{"completion takes one shell: " + strings.Join(cli.Shells(), ", "), "completion"}
	case !cli.Complete(c.stdout.Behind(), args[0], "killcheck", c.commands()): // a script has to stay exact
		return exitFailure, &usageError{fmt.Sprintf("unknown shell %q: want one of %s%s", args[0], strings.Join(cli.Shells(), ", "), cli.Hint(args[0], cli.Shells())), "completion"}
	}
	return exitClean, nil
}

package main

import (
	"context"
	"flag"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/killcheck/killcheck/cmd/killcheck/internal/cli"
	"github.com/killcheck/killcheck/cmd/killcheck/internal/config"
)

// configWords are what the command config can do.
var configWords = []string{"verify", "schema", "path"}

func (c *command) configCommand() *cli.Command {
	return &cli.Command{
		Name: "config", Args: []string{"verify [-C dir] [FILE]", "schema", "path [-C dir]"}, Summary: "check the configuration in " + config.Name + ", or print its schema",
		Text: `Verify checks the file for unknown keys and wrong values, and looks for the symbols of its rows. Path
prints the file that counts here: that of the module, or the closest one above it in the repository.
The keys are described in docs/configuration.md.`,
		Examples: []cli.Example{
			{Line: "killcheck config verify", What: "each mistake with file:line:col"},
			{Line: "killcheck config schema", What: "a JSON schema for editors"},
			{Line: "killcheck config path", What: "which file counts"},
		},
		Words: configWords,
		Flags: func() *flag.FlagSet { return configFlags(new(string)) },
	}
}

func configFlags(dir *string) *flag.FlagSet {
	fs := flag.NewFlagSet("killcheck config", flag.ContinueOnError)
	fs.StringVar(dir, "C", "", "run as if started in `dir`")
	return fs
}

// configure is the command config.
func (c *command) configure(ctx context.Context, args []string) (exitCode, error) {
	var dir string
	rest, err := cli.Parse(configFlags(&dir), args, nil)
	switch {
	case err == flag.ErrHelp:
		c.help("config")
		return exitClean, nil
	case err != nil:
		return exitFailure, &usageError{err.Error(), "config"}
	case len(rest) == 0 || len(rest) > 1 && rest[0] != "verify" || len(rest) > 2:
		return exitFailure, &usageError{"config takes one of " + strings.Join(configWords, ", "), "config"}
	}
	if dir, err = filepath.Abs(dir); err != nil {
		return exitFailure, err
	}
	switch rest[0] {
	case "schema":
		schema, err := config.Schema(c.suite.selectable())
		if err != nil {
			return exitFailure, err
		}
		_, err = c.stdout.Behind().Write(schema)
		return exitClean, err
	case "verify", "path":
	default:
		return exitFailure, &usageError{fmt.Sprintf("config: unknown word %q%s", rest[0], cli.Hint(rest[0], configWords)), "config"}
	}
	file, err := config.Find(dir)
	if len(rest) == 2 {
		if file = rest[1]; !filepath.IsAbs(file) {
			file = filepath.Join(dir, file)
		}
	}
	switch {
	case err != nil:
		return exitFailure, err
	case file == "":
		return exitFailure, fmt.Errorf("there is no %s in the module or above it", config.Name)
	case rest[0] == "path":
		fmt.Fprintln(c.stdout, file)
		return exitClean, nil
	}
	cfg, err := config.Read(file, dir, c.suite.selectable())
	if err == nil {
		err = cfg.Resolve(ctx, dir)
	}
	if err != nil {
		fmt.Fprintln(c.stdout, err)
		return exitFindings, nil
	}
	return exitClean, nil
}

package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"flag"
	"fmt"
	"path/filepath"
	"slices"

	"github.com/killcheck/killcheck/cmd/killcheck/internal/cli"
	"github.com/killcheck/killcheck/cmd/killcheck/internal/merge"
	"github.com/killcheck/killcheck/cmd/killcheck/internal/shard"
	"github.com/killcheck/killcheck/cmd/killcheck/internal/whole"
	"github.com/killcheck/killcheck/internal/regular"
)

// identity returns what tells this run from others, the same for all shards: the
// version, what decides about findings, and which packages of which files there are.
func (r *request) identity() string {
	sum := sha256.New()
	fmt.Fprintf(sum, "%s\x00%q\x00%q\x00", programVersion(), r.flags, r.rows)
	fmt.Fprintf(sum, "%v\x00%v\x00", r.wanted.Checks, r.wanted.Default)
	if r.wanted.Tests != nil {
		fmt.Fprintf(sum, "tests %v\x00", *r.wanted.Tests)
	}
	fmt.Fprintf(sum, "%s\x00", r.since)
	for _, c := range r.configs.All() {
		fmt.Fprintf(sum, "%s\x00", c.Hash)
	}
	var packages []string
	for _, p := range r.packages {
		var files []string
		for _, file := range p.files {
			files = append(files, filepath.Base(file))
		}
		slices.Sort(files)
		packages = append(packages, fmt.Sprintf("%s %v %q", p.path, p.broken != "", files))
	}
	slices.Sort(packages)
	for _, p := range packages {
		fmt.Fprintf(sum, "%s\n", p)
	}
	return hex.EncodeToString(sum.Sum(nil)[:8])
}

// mark returns what the output of a shard says of itself; nil for a whole run.
func (r *request) mark(out *outcome) *shard.Mark {
	if r.shard.Whole() {
		return nil
	}
	return &shard.Mark{Index: r.shard.Index, Of: r.shard.Of, Run: out.run}
}

func mergeCommand() *cli.Command {
	return &cli.Command{
		Name: "merge", Args: []string{"[-o file] [-q] FILE..."}, Summary: "make one result of those of all shards",
		Text: `The files are what the shards of one run have written, all in one of the formats json, sarif and junit, or
all baselines; their order does not matter. The result is that of a run without -shard, to the byte. A shard
that is missing, comes twice or belongs to another run is an error.

Exit codes: 0 nothing found, 1 findings, 2 not everything could be analysed or merged.`,
		Examples: []cli.Example{
			{Line: "killcheck -shard=1/2 -format=json -o one.json ./...", What: "on one machine"},
			{Line: "killcheck -shard=2/2 -format=json -o two.json ./...", What: "on another one"},
			{Line: "killcheck merge one.json two.json", What: "what one run writes"},
		},
		Flags: func() *flag.FlagSet { return new(mergeOptions).flags() },
	}
}

type mergeOptions struct {
	dir    string
	output string
	quiet  bool
}

func (o *mergeOptions) flags() *flag.FlagSet {
	fs := flag.NewFlagSet("killcheck merge", flag.ContinueOnError)
	fs.StringVar(&o.dir, "C", "", "run as if started in `dir`")
	fs.StringVar(&o.output, "o", "", "write to `file` instead of standard output")
	fs.BoolVar(&o.quiet, "q", false, "no summary on standard error")
	return fs
}

// merge is the command merge.
func (c *command) merge(ctx context.Context, args []string) (exitCode, error) {
	o := new(mergeOptions)
	files, err := cli.Parse(o.flags(), args, nil)
	switch {
	case err == flag.ErrHelp:
		c.help("merge")
		return exitClean, nil
	case err != nil:
		return exitFailure, &usageError{err.Error(), "merge"}
	case len(files) == 0:
		return exitFailure, &usageError{"merge takes the files of all shards", "merge"}
	}
	abs := func(name string) string {
		if filepath.IsAbs(name) {
			return name
		}
		return filepath.Join(o.dir, name)
	}
	var inputs []merge.Input
	for _, name := range files {
		text, err := regular.ReadFile(abs(name), merge.MaxFile)
		if err != nil {
			return exitFailure, fmt.Errorf("merge: %w", err)
		}
		inputs = append(inputs, merge.Input{Name: name, Text: text})
	}
	result, err := merge.Merge(inputs)
	if err != nil {
		return exitFailure, fmt.Errorf("merge: %w", err)
	}
	switch out := c.stdout.Behind(); {
	case o.output == "" && (isTerminal(c.stdout) || isLog(out)):
		_, err = c.stdout.Write(result.Text)
	case o.output == "":
		_, err = out.Write(result.Text)
	default:
		err = whole.Write(ctx, abs(o.output), result.Text)
	}
	if err != nil {
		return exitFailure, fmt.Errorf("merge: %w", err)
	}
	var problems []problem
	for _, p := range result.Problems {
		problems = append(problems, problem{p.Package, p.Reason})
	}
	c.complain(problems)
	if !o.quiet && result.Findings > 0 {
		fmt.Fprintf(c.stderr, "killcheck: %s in %s\n", counted(result.Findings, "finding", "findings"), counted(result.Shards, "shard", "shards"))
	}
	switch {
	case len(problems) > 0:
		return exitFailure, nil
	case result.Findings > 0:
		return exitFindings, nil
	}
	return exitClean, nil
}

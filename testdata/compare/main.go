// Command compare shows what a change of killcheck does to real code. It builds
// killcheck at two commits of this repository, runs both with all checks, and as
// "killcheck map", and prints what is gone (-), new (+) and changed (~): findings,
// their tiers and fixes, and the verdicts of the map, counted by kind.
//
// Usage, anywhere in the repository:
//
//	go run ./testdata/compare [-repos folder] [-n rows] OLD NEW [NAME ...]
//
// OLD and NEW are commits; what is not committed does not count. Each NAME is an
// input. Without one, all are compared but std:
//
//   - the modules in testdata and passes/testdata that need no others, such as leaks, and
//     "fixtures", the test data of the checks; all as they are in NEW
//   - the repositories in the folder -repos, each with all its modules. Their
//     dependencies may be fetched.
//   - std, the standard library
//
// It ends with 0 if nothing differs, 1 if something does, and 2 if that cannot be
// said because a run failed or left packages out; go run makes 1 of both.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
)

// An exitCode tells whether something differs.
type exitCode int

// The exit codes.
const (
	exitSame    exitCode = 0
	exitDiffers exitCode = 1
	exitFailure exitCode = 2
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	code, err := run(ctx, ".", os.Args[1:], os.Stdout, os.Stderr)
	stop()
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "compare:", err)
	}
	os.Exit(int(code))
}

// run compares two commits of the repository around the folder dir.
func run(ctx context.Context, dir string, args []string, stdout, stderr io.Writer) (exitCode, error) {
	flags := flag.NewFlagSet("compare", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.Usage = func() {
		fmt.Fprintln(stderr, "Usage: go run ./testdata/compare [flags] OLD NEW [NAME ...]")
		flags.PrintDefaults()
	}
	repos := flags.String("repos", "", "`folder` with repositories to compare over")
	limit := flags.Int("n", 20, "print at most this `number` of rows of each sort; 0 prints all")
	if err := flags.Parse(args); err != nil {
		return exitFailure, err
	}
	if flags.NArg() < 2 {
		flags.Usage()
		return exitFailure, errors.New("which commits?")
	}
	tmp, err := os.MkdirTemp("", "killcheck-compare")
	if err != nil {
		return exitFailure, err
	}
	defer os.RemoveAll(tmp)
	if tmp, err = filepath.EvalSymlinks(tmp); err != nil {
		return exitFailure, err
	}
	sides := []*side{{name: "old", commit: flags.Arg(0)}, {name: "new", commit: flags.Arg(1)}}
	for _, s := range sides {
		defer s.remove(ctx, dir)
		if err := s.checkOut(ctx, dir, tmp); err != nil {
			return exitFailure, err
		}
	}
	inputs, err := collect(ctx, sides[1].tree, *repos)
	if err != nil {
		return exitFailure, err
	}
	if inputs, err = choose(inputs, flags.Args()[2:]); err != nil {
		return exitFailure, err
	}
	for _, s := range sides {
		if err := s.build(ctx, tmp); err != nil {
			return exitFailure, err
		}
	}
	return compare(ctx, sides[0], sides[1], inputs, &printer{out: stdout, limit: *limit}, newCleaner(ctx, tmp))
}

// compare runs both sides over each input.
func compare(ctx context.Context, before, after *side, inputs []input, p *printer, clean cleaner) (exitCode, error) {
	var all tally
	incomplete := 0
	for _, in := range inputs {
		a, err := record(ctx, before.binary, in, clean)
		if err != nil {
			return exitFailure, fmt.Errorf("%s: old: %w", in.name, err)
		}
		b, err := record(ctx, after.binary, in, clean)
		if err != nil {
			return exitFailure, fmt.Errorf("%s: new: %w", in.name, err)
		}
		d := differ(a, b)
		p.input(in.name, d, b)
		all.add(d)
		if a.incomplete || b.incomplete {
			incomplete++
		}
	}
	p.total(len(inputs), all, incomplete)
	switch {
	case all.differs():
		return exitDiffers, nil
	case incomplete > 0:
		return exitFailure, nil
	}
	return exitSame, nil
}

// A side is one of the two commits.
type side struct {
	name, commit string
	tree         string // a work tree of git, which is removed at the end
	binary       string
}

// checkOut makes the work tree.
func (s *side) checkOut(ctx context.Context, dir, tmp string) error {
	id, err := output(ctx, dir, "git", "rev-parse", "--verify", "--quiet", "--end-of-options", s.commit+"^{commit}")
	if err != nil {
		return fmt.Errorf("%s is no commit", s.commit)
	}
	s.tree = filepath.Join(tmp, s.name, "tree")
	_, err = output(ctx, dir, "git", "worktree", "add", "--quiet", "--detach", s.tree, strings.TrimSpace(id))
	return err
}

// build builds killcheck. Paths are left out of the binary, so that the two sides
// share what is the same in both.
func (s *side) build(ctx context.Context, tmp string) error {
	s.binary = filepath.Join(tmp, s.name, "killcheck.exe")
	if _, err := output(ctx, s.tree, "go", "build", "-trimpath", "-buildvcs=false", "-o", s.binary, "./cmd/killcheck"); err != nil {
		return fmt.Errorf("%s does not build: %w", s.commit, err)
	}
	return nil
}

// remove takes the work tree out of the repository again, even if the run was
// interrupted.
func (s *side) remove(ctx context.Context, dir string) {
	if s.tree != "" {
		output(context.WithoutCancel(ctx), dir, "git", "worktree", "remove", "--force", s.tree)
	}
}

// output returns what a command prints. Its error holds what the command
// complains of.
func output(ctx context.Context, dir, name string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir = dir
	out, err := cmd.Output()
	if exit := new(exec.ExitError); errors.As(err, &exit) {
		err = fmt.Errorf("%s %s: %w\n%s", name, args[0], err, exit.Stderr)
	}
	return string(out), err
}

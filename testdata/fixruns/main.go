// Command fixruns measures the fixes of killcheck on real code. It copies a
// repository, lets killcheck report on the copy, applies the fixes that come
// with the reports, and sees whether what is fixed still builds, keeps its
// comments, passes the tests that it passed before, and is quiet.
//
// Usage, anywhere in the module of killcheck:
//
//	go run ./testdata/fixruns [flags] repository ...
//
// A repository is a folder of a git checkout that holds a go.mod.
// Without -mutate the fixes are those for what killcheck reports there. Real
// code has few faults, so -mutate N makes up to N of them in the copy: it takes
// the stop out of a select, a check of the context out of a loop, the room out
// of a channel, the context out of a call. Each site is one that somebody wrote
// right, so the expected fix is known, and the tests tell whether it is one.
//
// For each site the tables say whether it is reported in its function, by which
// check, whether a fix is offered and of what level, and whether the fixed
// package builds and passes. Fixes that do not build are taken back one by one.
//
// With -command the fixes are not taken from the reports, but killcheck -fix and
// then killcheck -fix -review edit the copy. That tells how they merge and
// format. The tests of the changed packages run one by one, as they were and
// after each step, and those that passed and no longer do are named. They run
// once more before they count, for tests that fail now and then. The share of
// fixes that build comes from the reports: each fix is built without the others.
package main

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

// Config is what all runs share.
type config struct {
	killcheck string
	checks    string
	work      string // the folder for the copies
	mutate    int    // how many sites to change, 0 for none
	perPkg    int    // at most so many of them in one package
	together  int    // how many of them at once
	seed      int64
	tests     bool
	timeout   time.Duration // of the tests of one package
	verbose   bool
	command   bool
	include   string // packages to consider, as for the go command
}

func main() {
	var c config
	flag.StringVar(&c.killcheck, "killcheck", "", "killcheck `file` to measure; built from this module if empty")
	flag.StringVar(&c.checks, "checks", "all", "value of the flag -checks of killcheck")
	flag.StringVar(&c.work, "work", "", "`folder` for the copies, which is kept; a temporary one if empty")
	flag.IntVar(&c.mutate, "mutate", 0, "make up to `N` faults in each repository")
	flag.IntVar(&c.perPkg, "perpackage", 24, "with -mutate: make up to `N` faults in a package")
	flag.IntVar(&c.together, "together", 3, "with -mutate: have `N` faults in a package at a time")
	flag.Int64Var(&c.seed, "seed", 1, "with -mutate: choose the sites by this `number`")
	flag.BoolVar(&c.tests, "tests", true, "run the tests of the packages that are changed")
	flag.DurationVar(&c.timeout, "timeout", 2*time.Minute, "time for the tests of one package")
	flag.BoolVar(&c.verbose, "v", false, "print each site")
	flag.BoolVar(&c.command, "command", false, "let killcheck -fix edit the copy")
	flag.StringVar(&c.include, "packages", "./...", "packages to look at")
	flag.Parse()
	if err := c.run(flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, "fixruns:", err)
		os.Exit(1)
	}
}

func (c *config) run(repositories []string) error {
	if c.work == "" {
		tmp, err := os.MkdirTemp("", "fixruns")
		if err != nil {
			return err
		}
		defer os.RemoveAll(tmp)
		c.work = tmp
	}
	if c.killcheck == "" {
		c.killcheck = filepath.Join(c.work, "killcheck")
		out, err := exec.Command("go", "build", "-o", c.killcheck, "github.com/killcheck/killcheck/cmd/killcheck").CombinedOutput()
		if err != nil {
			return fmt.Errorf("build killcheck: %w\n%s", err, out)
		}
	}
	var all []*site
	var rows []*row
	for _, repository := range repositories {
		r, err := newRepository(c, repository)
		if err != nil {
			return fmt.Errorf("%s: %w", repository, err)
		}
		if err := r.measure(); err != nil {
			fmt.Printf("%s: left out: %v\n", r.name, err)
			continue
		}
		all = append(all, r.sites...)
		if r.row != nil {
			rows = append(rows, r.row)
			printRows(rows) // so far: a run takes hours
		}
	}
	if len(all) > 0 && !c.command {
		fmt.Println("\nall repositories")
		print(all)
	}
	return nil
}

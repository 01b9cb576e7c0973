package main

import (
	"flag"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/killcheck/killcheck/cmd/killcheck/internal/format"
)

// Options are the flags of the command line.
type options struct {
	dir                               string // -C
	tags, mod, modfile, overlay, jobs string // handed to the go command
	race                              bool

	checks        string
	tests         bool
	driver        driverName
	fix, diff     bool
	review        bool
	format        string
	color         string
	baseline      string
	baselineWrite bool
	newFromRev    string
	rows          fileList
	verbose       bool
	version       bool

	args []string // packages or files
}

// A driverName names a driver.
type driverName string

const (
	driverAuto      driverName = "auto"
	driverVet       driverName = "vet"
	driverInProcess driverName = "inprocess"
)

// parseOptions parses the arguments of the command called name. On -h it
// prints the usage to w and returns flag.ErrHelp.
func parseOptions(name string, args []string, w io.Writer) (*options, error) {
	o := new(options)
	fs := flag.NewFlagSet(name, flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	fs.StringVar(&o.dir, "C", "", "run as if started in `dir`")
	fs.StringVar(&o.tags, "tags", "", "comma-separated build `tags`, as for go build")
	fs.StringVar(&o.mod, "mod", "", "module download `mode`, as for go build")
	fs.StringVar(&o.modfile, "modfile", "", "alternative go.mod `file`, as for go build")
	fs.StringVar(&o.overlay, "overlay", "", "JSON `file` that replaces source files, as for go build")
	fs.StringVar(&o.jobs, "p", "", "`number` of programs to run in parallel, as for go build")
	fs.BoolVar(&o.race, "race", false, "analyse the files that -race builds")
	fs.StringVar(&o.checks, "checks", "core", "checks to run: core, extended, all, names, -name to leave one out; list prints them")
	fs.BoolVar(&o.tests, "tests", true, "report findings in _test.go files")
	fs.StringVar((*string)(&o.driver), "driver", string(driverAuto), "how to run the checks: auto, vet (through go vet) or inprocess")
	fs.BoolVar(&o.fix, "fix", false, "apply the safe fixes, then report what is left")
	fs.BoolVar(&o.diff, "diff", false, "print what -fix would change as a unified diff, and change nothing")
	fs.BoolVar(&o.review, "review", false, "with -fix or -diff: include the fixes that a person has to look at")
	fs.StringVar(&o.format, "format", "text", "output `format`: "+strings.Join(format.Names(), ", "))
	fs.StringVar(&o.color, "color", "auto", "colour and code frames in text output: auto, always or never")
	fs.StringVar(&o.baseline, "baseline", "", "leave out the findings that `file` holds")
	fs.BoolVar(&o.baselineWrite, "baseline-write", false, "write all findings to the -baseline file and report none")
	fs.StringVar(&o.newFromRev, "new-from-rev", "", "report only findings on lines changed since the git `revision`")
	fs.Var(&o.rows, "rows", "`file` with rows for the knowledge base, for libraries that it does not know; may be repeated")
	fs.BoolVar(&o.verbose, "v", false, "say on standard error what is done")
	fs.BoolVar(&o.version, "version", false, "print the version")
	if err := fs.Parse(args); err != nil {
		if err == flag.ErrHelp {
			fmt.Fprint(w, usage)
			fs.SetOutput(w)
			fs.PrintDefaults()
			return nil, err
		}
		return nil, usagef("%v", err)
	}
	o.args = fs.Args()
	return o, o.validate()
}

const usage = `Killcheck finds goroutines that cannot be stopped.

Usage:
	killcheck [flags] [packages]     report findings; without packages, those of the current directory
	killcheck -fix [flags] [packages]
	killcheck explain CHECK|SYMBOL   describe a check, or what is known of a function such as time.Sleep
	killcheck explain FILE.go:LINE   what waits there, what ends it, and how the goroutine ends
	killcheck map [flags] [packages] list every goroutine and how it ends
	killcheck gopls [arguments]      gopls with findings, for editors; "killcheck gopls -h" tells more
	killcheck lsp [flags]            a language server to run beside gopls

A package may be a Go file: then its package is analysed and only the findings in that file are shown.
Exit codes: 0 nothing found, 1 findings, 2 not everything could be analysed or fixed.

Flags:
`

func (o *options) validate() error {
	switch {
	case !slices.Contains([]driverName{driverAuto, driverVet, driverInProcess}, o.driver):
		return usagef("unknown driver %q: want auto, vet or inprocess", o.driver)
	case !slices.Contains(format.Names(), o.format):
		return usagef("unknown format %q: want one of %s", o.format, strings.Join(format.Names(), ", "))
	case !slices.Contains([]string{"auto", "always", "never"}, o.color):
		return usagef("unknown value %q of -color: want auto, always or never", o.color)
	case o.review && !o.fixing():
		return usagef("-review needs -fix or -diff")
	case o.baselineWrite && o.baseline == "":
		return usagef("-baseline-write needs -baseline")
	case o.baselineWrite && o.newFromRev != "":
		return usagef("-baseline-write needs all findings: it cannot be combined with -new-from-rev")
	case o.fixing() && (o.baseline != "" || o.newFromRev != "" || !o.tests):
		return usagef("-fix and -diff work on whole packages: they cannot be combined with -baseline, -new-from-rev or -tests=false")
	}
	return nil
}

func (o *options) fixing() bool { return o.fix || o.diff }

// buildFlags returns the flags for go list and go vet.
func (o *options) buildFlags() []string {
	var flags []string
	add := func(name, value string) {
		if value != "" {
			flags = append(flags, "-"+name+"="+value)
		}
	}
	add("tags", o.tags)
	add("mod", o.mod)
	add("modfile", o.modfile)
	add("overlay", o.overlay)
	add("p", o.jobs)
	if o.race {
		flags = append(flags, "-race")
	}
	return flags
}

package main

import (
	"errors"
	"flag"
	"slices"
	"strconv"
	"strings"

	"github.com/killcheck/killcheck/cmd/killcheck/internal/cli"
	"github.com/killcheck/killcheck/cmd/killcheck/internal/config"
	"github.com/killcheck/killcheck/cmd/killcheck/internal/format"
	"github.com/killcheck/killcheck/cmd/killcheck/internal/ignore"
	"github.com/killcheck/killcheck/cmd/killcheck/internal/shard"
)

// Options are the flags of the command line.
type options struct {
	dir                               string // -C
	tags, mod, modfile, overlay, jobs string // handed to the go command
	race                              bool

	config        string
	checks        string
	tests         bool
	driver        driverName
	fix           fixMode
	diff          bool
	review        bool
	reason        string
	format        string
	output        string // file for the format that names none
	outputs       []output
	color         string
	baseline      string
	baselineWrite bool
	newFromRev    string
	changed       string
	shard         string
	part          shard.Shard // what it says
	rows          fileList
	verbose       bool
	quiet         bool

	args  []string // packages or files
	given []string // flags that were set
}

// A driverName names a driver.
type driverName string

const (
	driverAuto      driverName = "auto"
	driverVet       driverName = "vet"
	driverInProcess driverName = "inprocess"
)

var (
	driverNames = []string{string(driverAuto), string(driverVet), string(driverInProcess)}
	colors      = []string{"auto", "always", "never"}
)

// parseOptions parses the arguments of a command. On -h it prints the page of the
// command and returns flag.ErrHelp.
func (c *command) parseOptions(name string, args []string) (*options, error) {
	o := new(options)
	fs := o.flags(name)
	rest, err := cli.Parse(fs, args, cli.Names(c.commands()))
	switch {
	case errors.Is(err, flag.ErrHelp):
		c.help(name)
		return nil, err
	case err != nil:
		return nil, &usageError{err.Error(), name}
	}
	o.args = rest
	fs.Visit(func(f *flag.Flag) { o.given = append(o.given, f.Name) })
	if err := o.validate(); err != nil {
		return nil, err
	}
	return o, nil
}

// flags returns the flags of a command, to be parsed into the options.
func (o *options) flags(name string) *flag.FlagSet {
	fs := flag.NewFlagSet(strings.TrimSpace("killcheck "+name), flag.ContinueOnError)
	fs.StringVar(&o.dir, "C", "", "run as if started in `dir`")
	fs.StringVar(&o.tags, "tags", "", "comma-separated build `tags`, as for go build")
	fs.StringVar(&o.mod, "mod", "", "module download `mode`, as for go build")
	fs.StringVar(&o.modfile, "modfile", "", "alternative go.mod `file`, as for go build")
	fs.StringVar(&o.overlay, "overlay", "", "JSON `file` that replaces source files, as for go build")
	fs.StringVar(&o.jobs, "p", "", "`number` of programs to run in parallel, as for go build")
	fs.BoolVar(&o.race, "race", false, "analyse the files that -race builds")
	fs.StringVar((*string)(&o.driver), "driver", string(driverAuto), "`how` to run the checks: auto, vet (through go vet) or inprocess")
	fs.Var(&o.rows, "rows", "`file` with rows for the knowledge base, for libraries that it does not know; may be repeated")
	fs.StringVar(&o.config, "config", "", "`file` to use instead of .killcheck.yaml in the module or above it; off for none")
	fs.BoolVar(&o.verbose, "v", false, "say on standard error what is done")
	o.tests, o.color, o.format = true, "never", "text"
	if name == "explain" {
		return fs
	}
	fs.BoolVar(&o.tests, "tests", true, "report what is in _test.go files")
	if name != "" {
		return fs
	}
	fs.StringVar(&o.checks, "checks", tierCore, "`checks` to run: core, extended, all, names, -name to leave one out; \"killcheck checks\" lists them")
	fs.Var(&o.fix, "fix", "apply the safe fixes, then report what is left; -fix=ignore writes ignore comments instead, with the -reason")
	fs.BoolVar(&o.diff, "diff", false, "print what -fix would change as a unified diff, and change nothing")
	fs.BoolVar(&o.review, "review", false, "with -fix or -diff: include the fixes that a person has to look at")
	fs.StringVar(&o.reason, "reason", "", "`why` the findings are to be ignored, for -fix=ignore")
	fs.StringVar(&o.format, "format", "text", "output `format`: "+strings.Join(format.Names(), ", ")+"; several as in text,sarif:FILE")
	fs.StringVar(&o.output, "o", "", "write to `file` instead of standard output")
	fs.StringVar(&o.color, "color", "auto", "`when` text has colour: auto, always or never")
	fs.StringVar(&o.baseline, "baseline", "", "leave out the findings that `file` holds")
	fs.BoolVar(&o.baselineWrite, "baseline-write", false, "write all findings to the -baseline file and report none")
	fs.BoolVar(&o.quiet, "q", false, "no summary on standard error")
	fs.StringVar(&o.newFromRev, "new-from-rev", "", "report only findings on lines changed since the git `revision`")
	fs.StringVar(&o.changed, "changed", "", "analyse only packages that can have other findings than at the git `revision`")
	fs.StringVar(&o.shard, "shard", "", "analyse only shard `i/n` of the packages; \"killcheck merge\" makes one result of all of them")
	return fs
}

func (o *options) validate() error {
	switch {
	case !slices.Contains(driverNames, string(o.driver)):
		return usagef("unknown driver %q: want one of %s%s", o.driver, strings.Join(driverNames, ", "), cli.Hint(string(o.driver), driverNames))
	case !slices.Contains(colors, o.color):
		return usagef("unknown value %q of -color: want one of %s%s", o.color, strings.Join(colors, ", "), cli.Hint(o.color, colors))
	case o.fix == fixIgnore && ignore.CheckReason(o.reason) != nil:
		return usagef("-fix=ignore needs -reason: %v", ignore.CheckReason(o.reason))
	case o.fix != fixIgnore && o.reason != "":
		return usagef("-reason needs -fix=ignore")
	case o.fix == fixIgnore && o.review:
		return usagef("-fix=ignore writes comments, and no fixes: it cannot be combined with -review")
	case o.review && !o.fixing():
		return usagef("-review needs -fix or -diff")
	case o.baselineWrite && o.baseline == "":
		return usagef("-baseline-write needs -baseline")
	case o.baselineWrite && o.newFromRev != "":
		return usagef("-baseline-write needs all findings: it cannot be combined with -new-from-rev")
	case o.fixing() && (o.baseline != "" || o.newFromRev != "" || !o.tests):
		return usagef("-fix and -diff work on whole packages: they cannot be combined with -baseline, -new-from-rev or -tests=false")
	case o.fixing() && (o.shard != "" || o.changed != ""):
		return usagef("-fix and -diff cannot be combined with -shard or -changed")
	case o.baselineWrite && o.changed != "":
		return usagef("-baseline-write needs all findings: it cannot be combined with -changed")
	case o.diff && o.output != "":
		return usagef("-diff prints on standard output: it cannot be combined with -o")
	}
	var err error
	if slices.Contains(o.given, "shard") {
		if o.part, err = shard.Parse(o.shard); err != nil {
			return usagef("-shard: %v", err)
		}
	}
	o.outputs, err = readOutputs(o.format, o.output)
	return err
}

// wants says in a request what the flags ask for. What they do not mention is for the
// configuration to say.
func (o *options) wants(r *request) error {
	named := o.config
	if named != "" && named != config.Off {
		named = r.abs(named)
	}
	r.configs = config.NewSet(r.suite.selectable(), r.show, named)
	var err error
	if r.wanted.Default, err = r.suite.choose(tierCore); err != nil {
		return err
	}
	if slices.Contains(o.given, "checks") {
		if r.wanted.Checks, err = r.suite.choose(o.checks); err != nil {
			return err
		}
	}
	if slices.Contains(o.given, "tests") {
		r.wanted.Tests = &o.tests
	}
	return nil
}

func (o *options) fixing() bool { return o.fix != fixNone || o.diff }

// A fixMode says what -fix does. It is a flag that needs no value.
type fixMode string

const (
	fixNone   fixMode = ""
	fixApply  fixMode = "true"
	fixIgnore fixMode = "ignore"
)

// String returns the mode, for package flag.
func (m *fixMode) String() string { return string(*m) }

// IsBoolFlag says that the flag needs no value, for package flag.
func (m *fixMode) IsBoolFlag() bool { return true }

// Set sets the mode, for package flag.
func (m *fixMode) Set(value string) error {
	if value == string(fixIgnore) {
		*m = fixIgnore
		return nil
	}
	on, err := strconv.ParseBool(value)
	if err != nil {
		return errors.New("want true, false or ignore")
	}
	if *m = fixNone; on {
		*m = fixApply
	}
	return nil
}

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

package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"go/version"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/killcheck/killcheck/cmd/killcheck/internal/cli"
	"github.com/killcheck/killcheck/cmd/killcheck/internal/finding"
	"github.com/killcheck/killcheck/cmd/killcheck/internal/format"
	"github.com/killcheck/killcheck/cmd/killcheck/internal/shard"
	"github.com/killcheck/killcheck/cmd/killcheck/internal/whole"
	"github.com/killcheck/killcheck/internal/plain"
)

// A command is one run of the command line.
type command struct {
	suite          suite
	stdout, stderr *plain.Writer // what others wrote goes to people through these
	done           func()        // removes what a run leaves; nil if nothing
}

// main runs the arguments and reports an error on standard error.
func (c *command) main(ctx context.Context, args []string) exitCode {
	code, err := c.run(ctx, args)
	if c.done != nil {
		c.done()
	}
	usage := new(usageError)
	switch {
	case err == nil:
		return code
	case errors.Is(err, flag.ErrHelp):
		return exitClean
	case ctx.Err() != nil:
		fmt.Fprintln(c.stderr, "killcheck: interrupted")
		return exitInterrupted
	case errors.As(err, &usage):
		fmt.Fprintf(c.stderr, "killcheck: %v\nRun \"%s\" for help.\n", err, strings.Join(strings.Fields("killcheck "+usage.command+" -h"), " "))
		return exitFailure
	default:
		fmt.Fprintf(c.stderr, "killcheck: %v\n", err)
		return exitFailure
	}
}

// lint analyses packages, and fixes them before that if it is asked to.
func (c *command) lint(ctx context.Context, o *options) (exitCode, error) {
	r, drive, err := c.prepare(ctx, o)
	if err != nil {
		return exitFailure, c.refuse(ctx, o, err)
	}
	if o.fixing() {
		if len(r.files) > 0 {
			return exitFailure, usagef("-fix and -diff work on whole packages, not on single files")
		}
		return c.fix(ctx, r, drive, o)
	}
	out, err := c.analyse(ctx, r, drive)
	if err != nil {
		return exitFailure, c.refuse(ctx, o, err)
	}
	return c.report(ctx, o, r, out)
}

// analyse runs a driver and keeps the findings that were asked for.
func (c *command) analyse(ctx context.Context, r *request, drive driver) (*outcome, error) {
	r.progress = startProgress(c.stderr)
	out, err := drive(ctx, r.fresh())
	r.progress.stop()
	if err != nil {
		return nil, err
	}
	out.findings = slices.DeleteFunc(out.findings, func(f finding.Finding) bool {
		return !r.shows(f) || len(r.files) > 0 && !r.files[f.File]
	})
	for i := range out.findings {
		f := &out.findings[i]
		f.Severity = string(r.configs.Of(f.File).Severity(f.File, f.Check, f.Extended))
	}
	dropForeign(out)
	return out, nil
}

// dropForeign drops the fixes that edit code which nobody works on here, such as
// vendored packages: no flag applies them.
func dropForeign(out *outcome) {
	for i := range out.findings {
		f := &out.findings[i]
		f.Fixes = slices.DeleteFunc(f.Fixes, func(fix finding.Fix) bool { return foreign(fix, out.own) })
	}
}

// foreign reports whether a fix edits files outside of the listing.
func foreign(fix finding.Fix, own finding.Listing) bool {
	return slices.ContainsFunc(fix.Edits, func(e finding.Edit) bool {
		_, ok := own[e.File]
		return !ok
	})
}

// prepare finds out what the arguments name, and which driver can serve them.
func (c *command) prepare(ctx context.Context, o *options) (*request, driver, error) {
	w, err := openWorkspace(ctx, o)
	if err != nil {
		return nil, nil, err
	}
	if (!o.part.Whole() || o.changed != "") && len(w.files) > 0 {
		return nil, nil, usagef("-shard and -changed choose packages, not single files")
	}
	r := &request{workspace: w, suite: c.suite, shard: o.part, log: func(string, ...any) {}}
	if o.verbose {
		r.log = func(format string, args ...any) { fmt.Fprintf(c.stderr, "killcheck: "+format+"\n", args...) }
	}
	if r.rows, err = o.rows.read(w.dir); err != nil {
		return nil, nil, err
	}
	if err := o.wants(r); err != nil {
		return nil, nil, err
	}
	if o.changed != "" {
		if err := r.selectChanged(ctx, o); err != nil {
			return nil, nil, fmt.Errorf("-changed: %w", err)
		}
	}
	reason := vetUnfit(w.goVersion)
	if o.driver == driverVet && reason != "" {
		return nil, nil, usagef("-driver=vet cannot serve here: %s", reason)
	}
	if o.driver == driverInProcess || reason != "" {
		r.sayChanged(o)
		r.log("analysing in this process: %s", cmp.Or(reason, "as asked"))
		return r, runInProcess, nil
	}
	if r.packages, err = w.list(ctx); err != nil {
		return nil, nil, err
	}
	var dirs []string
	for i := range r.packages {
		p := &r.packages[i]
		if p.broken == "" {
			dirs = append(dirs, p.dir)
		} else if err := w.unknownWord(p.path, cli.Names(c.commands())); err != nil {
			return nil, nil, err
		}
	}
	if err := r.configure(dirs); err != nil {
		return nil, nil, err
	}
	if w.env, c.done, err = shareRows(r.rows); err != nil {
		return nil, nil, err
	}
	if err := r.leaveOut(ctx); err != nil {
		return nil, nil, fmt.Errorf("-changed: %w", err)
	}
	r.sayChanged(o)
	for i := range r.packages {
		r.packages[i].skipped = !r.asks(r.packages[i].path)
	}
	return r, runVet, nil
}

// vetUnfit says why go vet cannot run the checks; nothing if it can.
func vetUnfit(goVersion string) string {
	if d := os.Getenv("GOPACKAGESDRIVER"); d != "" && d != "off" {
		return "GOPACKAGESDRIVER is set, which go vet does not heed"
	}
	if version.IsValid(goVersion) && version.Compare(goVersion, "go1.26") < 0 {
		return goVersion + " prints findings among its errors"
	}
	return ""
}

// fresh returns a copy that a driver may change.
func (r *request) fresh() *request {
	fresh := *r
	fresh.packages = slices.Clone(r.packages)
	return &fresh
}

// report writes what was found and returns the exit code.
func (c *command) report(ctx context.Context, o *options, r *request, out *outcome) (exitCode, error) {
	root := repositoryRoot(r.dir)
	source := finding.NewSource(out.analysed, r.overlay)
	finding.ByPath(out.findings, root)
	finding.SetFingerprints(out.findings, root, source)
	for _, text := range out.internal {
		r.log("%s", text)
	}
	if len(out.internal) > 0 && !o.verbose {
		fmt.Fprintf(c.stderr, "killcheck: %d internal errors, which may hide findings; -v shows them\n", len(out.internal))
	}
	if o.baselineWrite {
		c.complain(out.problems)
		if len(out.problems) > 0 {
			return exitFailure, errors.New("baseline not written, since it would not hold everything")
		}
		return exitClean, writeBaseline(ctx, r.abs(o.baseline), root, r.mark(out), out.findings)
	}
	if o.newFromRev != "" {
		changed, err := changedLines(ctx, root, o.newFromRev)
		if err != nil {
			return exitFailure, err
		}
		out.findings = slices.DeleteFunc(out.findings, func(f finding.Finding) bool { return !changed.touches(f) })
	}
	if o.baseline != "" {
		known, err := finding.ReadBaseline(r.abs(o.baseline))
		if err != nil {
			return exitFailure, err
		}
		for i := range out.findings {
			out.findings[i].Baselined = known[out.findings[i].Fingerprint]
		}
	}
	rep := &format.Report{
		Version:  programVersion(),
		Dir:      r.show,
		Root:     root,
		Rules:    c.suite.rules(),
		Findings: out.findings,
		Source:   source,
		Shard:    r.mark(out),
		Frames:   o.color == "always" || isTerminal(c.stdout),
		Color:    o.color == "always" || (o.color == "auto" && isTerminal(c.stdout) && os.Getenv("NO_COLOR") == ""),
	}
	for _, p := range out.problems {
		rep.Problems = append(rep.Problems, format.Problem{Package: p.pkg, Reason: p.reason})
	}
	if err := c.write(ctx, o, r, rep); err != nil {
		return exitFailure, err
	}
	c.complain(out.problems)
	c.summarise(ctx, r, o, out)
	switch {
	case len(out.problems) > 0:
		return exitFailure, nil
	case slices.ContainsFunc(out.findings, finding.Finding.Counts):
		return exitFindings, nil
	}
	return exitClean, nil
}

// writeBaseline writes a baseline file.
func writeBaseline(ctx context.Context, name, root string, mark *shard.Mark, findings []finding.Finding) error {
	text, err := finding.Baseline(root, mark, findings)
	if err == nil {
		err = whole.Write(ctx, name, text)
	}
	if err != nil {
		return fmt.Errorf("baseline: %w", err)
	}
	return nil
}

// complain says on standard error which packages could not be analysed.
func (c *command) complain(problems []problem) {
	if len(problems) == 0 {
		return
	}
	noun := "packages"
	if len(problems) == 1 {
		noun = "package"
	}
	fmt.Fprintf(c.stderr, "killcheck: %d %s not analysed\n", len(problems), noun)
	for _, p := range problems {
		fmt.Fprintf(c.stderr, "\t%s: %s\n", p.pkg, oneLine(p.reason))
	}
}

// oneLine joins the lines of a text. What a line ends in a colon for follows it.
func oneLine(text string) string {
	text = strings.NewReplacer(":\n", ": ", "\n", " | ").Replace(text)
	return strings.Join(strings.Fields(text), " ")
}

// repositoryRoot returns the closest directory above dir that holds a git
// repository; else one that holds a module; else dir.
func repositoryRoot(dir string) string {
	for _, mark := range []string{".git", "go.mod"} {
		for d := dir; ; d = filepath.Dir(d) {
			if _, err := os.Stat(filepath.Join(d, mark)); err == nil {
				return d
			}
			if d == filepath.Dir(d) {
				break
			}
		}
	}
	return dir
}

func programVersion() string {
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "" {
		return "(devel)"
	}
	return info.Main.Version
}

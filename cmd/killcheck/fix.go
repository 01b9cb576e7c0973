package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/killcheck/killcheck/cmd/killcheck/internal/apply"
	"github.com/killcheck/killcheck/cmd/killcheck/internal/finding"
	"github.com/killcheck/killcheck/cmd/killcheck/internal/whole"
)

// A fixer applies fixes, in rounds: those that meet others wait for the next one,
// which analyses the fixed code anew.
type fixer struct {
	*command
	request *request
	drive   driver
	opts    *options

	files   apply.Files
	promote *bool           // whether package promote can be imported; nil if nobody has asked yet
	written map[string]bool // files
	fixes   int             // that were applied
	refused int             // in the last round
	waiting int             // for another run
	left    []apply.Left
}

// maxRounds bounds how often -fix applies fixes.
const maxRounds = 10

// sureRounds is how many rounds there may be although the last one did not
// lessen what can be fixed. A fix may show what else is wrong.
const sureRounds = 3

// fix applies the fixes of the selected checks, reports what is left, and says
// what was done. With -diff it only shows what the first round would change.
func (c *command) fix(ctx context.Context, r *request, drive driver, o *options) (exitCode, error) {
	f := &fixer{command: c, request: r, drive: drive, opts: o, written: make(map[string]bool)}
	f.files.Caches = r.caches
	f.files.Writable = !o.diff
	out, err := f.rounds(ctx)
	if err != nil {
		if f.fixes > 0 {
			fmt.Fprintf(c.stderr, "killcheck: %s\n", f.done())
		}
		return exitFailure, err
	}
	var code exitCode
	if o.diff {
		c.complain(out.problems)
		code = exitClean
		switch {
		case len(out.problems) > 0:
			code = exitFailure
		case f.fixes > 0:
			code = exitFindings
		}
	} else if code, err = c.report(ctx, o, r, out); err != nil {
		return code, err
	}
	for _, l := range f.left {
		fmt.Fprintf(c.stderr, "killcheck: %s %s: left as it is\n", r.shorter(l.Name), l.Reason)
		code = exitFailure
	}
	if !o.quiet {
		fmt.Fprintf(c.stderr, "killcheck: %s\n", f.summary(ctx, out.findings))
	}
	return code, nil
}

// rounds analyses and fixes until nothing is left that can be fixed, and returns
// what the last analysis found.
func (f *fixer) rounds(ctx context.Context) (*outcome, error) {
	before := 0
	for round := 1; ; round++ {
		out, err := f.command.analyse(ctx, f.request, f.drive)
		if err != nil {
			return nil, err
		}
		if round == 1 && !f.opts.diff {
			sweep(out)
		}
		f.files.Own = out.own
		f.files.Forget()
		for name := range f.request.overlay {
			if _, ok := out.own[name]; ok {
				f.files.Refuse(name, "is replaced by -overlay")
			}
		}
		chosen := f.choose(ctx, out)
		plan := apply.Merge(chosen, &f.files)
		f.refused, f.waiting = plan.Refused, plan.Overlapping
		f.leave(plan.Left)
		switch {
		case f.opts.diff:
			f.fixes = plan.Fixes
			for _, change := range plan.Changes {
				f.written[change.Name] = true
			}
			return out, f.printDiff(plan)
		case len(plan.Changes) == 0, round > maxRounds, round > sureRounds && len(chosen) >= before:
			f.waiting += plan.Fixes
			return out, nil
		}
		before = len(chosen)
		done, err := plan.Write(ctx)
		f.fixes += done.Fixes
		for _, name := range done.Names {
			f.written[name] = true
		}
		if err != nil {
			return nil, err
		}
		f.leave(done.Left)
	}
}

// leave notes files that are left as they are, for all rounds.
func (f *fixer) leave(left []apply.Left) {
	for _, l := range left {
		if !slices.Contains(f.left, l) {
			f.left = append(f.left, l)
		}
		f.files.Refuse(l.Name, l.Reason)
	}
}

// sweep removes what a killed run has left beside the files.
func sweep(out *outcome) {
	var folders []string
	for name := range out.own {
		folders = append(folders, filepath.Dir(name))
	}
	slices.Sort(folders)
	whole.Sweep(slices.Compact(folders))
}

// choose returns one fix for each finding that has one of the wanted level, or the
// comments that are to hide the findings.
func (f *fixer) choose(ctx context.Context, out *outcome) []finding.Fix {
	if f.opts.fix == fixIgnore {
		return f.comments(out)
	}
	var chosen []finding.Fix
	for _, found := range out.findings {
		if fix, ok := f.fixOf(ctx, found, f.opts.review); ok {
			chosen = append(chosen, fix)
		}
	}
	return chosen
}

// fixOf returns the fix of a finding that a level allows. Fixes outside of the
// modules that are worked on do not count, and those that import package promote
// only if that can be done: what is fixed has to build.
func (f *fixer) fixOf(ctx context.Context, found finding.Finding, review bool) (finding.Fix, bool) {
	for _, fix := range found.Fixes {
		if (review || !fix.Review) && !foreign(fix, f.files.Own) && (!importsPromote(fix) || f.hasPromote(ctx)) {
			return fix, true
		}
	}
	return finding.Fix{}, false
}

// promotePath is the package that some fixes import.
const promotePath = "github.com/killcheck/killcheck/promote"

func importsPromote(fix finding.Fix) bool {
	return slices.ContainsFunc(fix.Edits, func(e finding.Edit) bool { return strings.Contains(e.New, strconv.Quote(promotePath)) })
}

// hasPromote reports whether the module in charge can import package promote.
func (f *fixer) hasPromote(ctx context.Context) bool {
	if f.promote == nil {
		args := append([]string{"list"}, f.request.flags...)
		_, err := f.request.goCommand().Output(ctx, append(args, promotePath)...)
		ok := err == nil
		f.promote = &ok
	}
	return *f.promote
}

// printDiff shows a plan. A terminal and the log of a CI service heed some
// characters that source may hold; everybody else gets them as they are, so that
// the difference can be applied.
func (f *fixer) printDiff(plan *apply.Plan) error {
	w := f.stdout.Behind()
	if isTerminal(f.stdout) || isLog(w) {
		w = f.stdout
	}
	for _, change := range plan.Changes {
		name := filepath.ToSlash(f.request.shorter(change.Name))
		if _, err := io.WriteString(w, apply.Unified(name, change.Old, change.New)); err != nil {
			return err
		}
	}
	return nil
}

// isLog reports whether w may be the log of a CI service: no file, where one of
// the variables is set that they have in common.
func isLog(w io.Writer) bool {
	file, ok := w.(*os.File)
	if !ok || os.Getenv("CI") == "" && os.Getenv("TF_BUILD") == "" && os.Getenv("TEAMCITY_VERSION") == "" {
		return false
	}
	info, err := file.Stat()
	return err != nil || !info.Mode().IsRegular()
}

// summary says how many fixes there were, and of the findings that are left, what
// can be done about them.
func (f *fixer) summary(ctx context.Context, findings []finding.Finding) string {
	if f.opts.fix == fixIgnore {
		return f.done()
	}
	none, more := 0, 0
	for _, found := range findings {
		if !found.Counts() {
			continue
		}
		if _, ok := f.fixOf(ctx, found, f.opts.review); ok {
			continue
		}
		if _, ok := f.fixOf(ctx, found, true); ok {
			more++
		} else {
			none++
		}
	}
	said := f.done()
	add := func(n int, one, many string) {
		switch n {
		case 0:
		case 1:
			said += "; 1 " + one
		default:
			said += fmt.Sprintf("; %d %s", n, many)
		}
	}
	these := "these"
	if f.fixes == 1 {
		these = "it"
	}
	add(f.waiting, "more overlaps with "+these+", for the next run", "more overlap with "+these+", for the next run")
	add(f.refused, "not made", "not made")
	add(none, "finding has none", "findings have none")
	add(more, "more with -review", "more with -review")
	return said
}

// done says what was applied, or would be.
func (f *fixer) done() string {
	one, many := "fix", "fixes"
	if f.opts.fix == fixIgnore {
		one, many = "comment", "comments"
	}
	if f.fixes == 0 {
		return "no " + many
	}
	return counted(f.fixes, one, many) + " in " + counted(len(f.written), "file", "files")
}

// counted returns a number with its noun.
func counted(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

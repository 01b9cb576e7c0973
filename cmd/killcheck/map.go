package main

import (
	"context"
	"slices"
	"strings"

	"github.com/killcheck/killcheck/analyzer/verdict"
	"github.com/killcheck/killcheck/cmd/killcheck/internal/finding"
	"github.com/killcheck/killcheck/cmd/killcheck/internal/format"
)

// census prints every goroutine of the packages with its verdict, and below it
// what the checks say of it. It ends with 1 if one of them is stuck, or a check of
// the core says something of it.
func (c *command) census(ctx context.Context, args []string) (exitCode, error) {
	o, err := c.parseOptions("map", args)
	if err != nil {
		return exitFailure, err
	}
	r, drive, err := c.prepare(ctx, o)
	if err != nil {
		return exitFailure, err
	}
	r.census = true
	r.progress = startProgress(c.stderr)
	out, err := drive(ctx, r)
	r.progress.stop()
	if err != nil {
		return exitFailure, err
	}
	goroutines := slices.DeleteFunc(out.goroutines, func(f finding.Finding) bool {
		return !r.configs.Of(f.File).Wants(r.wanted, f.File) || len(r.files) > 0 && !r.files[f.File]
	})
	rep := &format.Report{Dir: r.show, Findings: goroutines, Source: finding.NewSource(out.analysed, r.overlay)}
	if err := format.New("text").Write(c.stdout, rep); err != nil {
		return exitFailure, err
	}
	c.complain(out.problems)
	switch {
	case len(out.problems) > 0:
		return exitFailure, nil
	case slices.ContainsFunc(goroutines, cannotStop):
		return exitFindings, nil
	}
	return exitClean, nil
}

// cannotStop reports whether what the census says of a goroutine is a fault.
func cannotStop(f finding.Finding) bool {
	return strings.HasPrefix(f.Message, string(verdict.Stuck)) ||
		slices.ContainsFunc(f.Path, func(s finding.Step) bool { return strings.Contains(s.Message, " ("+tierCore+"): ") })
}

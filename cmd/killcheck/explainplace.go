package main

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/killcheck/killcheck/cmd/killcheck/internal/finding"
)

// A codePlace is a line of a file, or a position in it, as the user names it.
type codePlace struct {
	file string
	at   finding.Point // Col is zero if the line is meant
}

// parsePlace reads FILE.go:LINE or FILE.go:LINE:COLUMN.
func parsePlace(arg string) (p codePlace, ok bool) {
	i := strings.LastIndex(arg, ".go:")
	if i < 0 {
		return p, false
	}
	p.file = arg[:i+len(".go")]
	line, col, both := strings.Cut(arg[i+len(".go:"):], ":")
	var err error
	if p.at.Line, err = strconv.Atoi(line); err != nil || p.at.Line < 1 {
		return p, false
	}
	if both {
		if p.at.Col, err = strconv.Atoi(col); err != nil || p.at.Col < 1 {
			return p, false
		}
	}
	return p, true
}

// explainPlace explains what waits at a place of the code: it analyses the
// package of the file.
func (c *command) explainPlace(ctx context.Context, o *options) (exitCode, error) {
	place, ok := parsePlace(o.args[0])
	if !ok {
		return exitFailure, usagef("%q is no place: want FILE.go:LINE or FILE.go:LINE:COLUMN", o.args[0])
	}
	o.args = []string{place.file}
	r, drive, err := c.prepare(ctx, o)
	if err != nil {
		return exitFailure, err
	}
	r.explain = true
	r.progress = startProgress(c.stderr)
	out, err := drive(ctx, r)
	r.progress.stop()
	if err != nil {
		return exitFailure, err
	}
	c.complain(out.problems)
	file := r.abs(place.file)
	here := slices.DeleteFunc(out.explained, func(f finding.Finding) bool { return f.File != file })
	found := at(here, place.at)
	for i, f := range found {
		if i > 0 {
			fmt.Fprintln(c.stdout)
		}
		fmt.Fprintln(c.stdout, f.Message)
	}
	switch {
	case len(found) > 0 && len(out.problems) == 0:
		return exitClean, nil
	case len(out.problems) > 0:
		return exitFailure, nil
	}
	return exitFailure, nothingThere(place, here)
}

// at returns what is explained at the point: on its line, or, if a column is
// given, what spans it, if anything does.
func at(all []finding.Finding, p finding.Point) []finding.Finding {
	line := slices.DeleteFunc(slices.Clone(all), func(f finding.Finding) bool { return f.Start.Line != p.Line })
	if p.Col == 0 {
		return line
	}
	spans := slices.DeleteFunc(slices.Clone(line), func(f finding.Finding) bool {
		end := f.End.Col
		if f.End.Line > f.Start.Line {
			end = p.Col + 1
		}
		return p.Col < f.Start.Col || p.Col >= max(end, f.Start.Col+1)
	})
	if len(spans) > 0 {
		return spans
	}
	return line
}

// nothingThere says that nothing waits at the place, and where the nearest wait
// is.
func nothingThere(p codePlace, all []finding.Finding) error {
	name := filepath.Base(p.file)
	if len(all) == 0 {
		return fmt.Errorf("nothing waits in %s, and no goroutine starts there", name)
	}
	distance := func(f finding.Finding) int { return max(f.Start.Line-p.at.Line, p.at.Line-f.Start.Line) }
	nearest := slices.MinFunc(all, func(a, b finding.Finding) int { return distance(a) - distance(b) })
	return fmt.Errorf("nothing waits at %s:%d; the nearest wait or go statement is at %s:%d", name, p.at.Line, name, nearest.Start.Line)
}

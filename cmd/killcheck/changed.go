package main

import (
	"context"
	"fmt"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/killcheck/killcheck/cmd/killcheck/internal/finding"
)

// Changes are the lines that differ from a revision, by absolute file name.
type changes map[string]*fileChange

type fileChange struct {
	whole bool // a new file
	hunks []lineRange
}

type lineRange struct{ first, last int }

// touches reports whether a finding stands on changed lines: those of the
// fault or of a step on the path to it.
func (c changes) touches(f finding.Finding) bool {
	if c.span(f.Span) {
		return true
	}
	for _, s := range f.Path {
		if c.span(s.Span) {
			return true
		}
	}
	return false
}

func (c changes) span(s finding.Span) bool {
	change := c[s.File]
	if change == nil {
		return false
	}
	last := max(s.Start.Line, s.End.Line)
	for _, h := range change.hunks {
		if h.first <= last && s.Start.Line <= h.last {
			return true
		}
	}
	return change.whole
}

// changedLines asks git for the lines of the working tree that differ from a
// revision. Files that git does not know are new as a whole.
func changedLines(ctx context.Context, root, revision string) (changes, error) {
	g, err := openRepository(ctx, root)
	if err != nil {
		return nil, fmt.Errorf("-new-from-rev: %w", err)
	}
	hash, err := g.resolve(ctx, revision)
	if err != nil {
		return nil, fmt.Errorf("-new-from-rev: %w", err)
	}
	// As text, since an attribute could call Go files binary, and they would have no lines.
	diff, err := g.run(ctx, "diff", "--no-ext-diff", "--no-textconv", "--text", "--unified=0", "--inter-hunk-context=0",
		"--no-color", "--no-renames", "--no-relative", "--ignore-submodules=all", "-O/dev/null",
		"--src-prefix=a/", "--dst-prefix=b/", hash, "--", "*.go")
	if err != nil {
		return nil, err
	}
	all, err := readHunks(root, diff)
	if err != nil {
		return nil, err
	}
	unknown, err := g.run(ctx, "ls-files", "-z", "--others", "--exclude-standard", "--", "*.go")
	if err != nil {
		return nil, err
	}
	for name := range strings.SplitSeq(unknown, "\x00") {
		if name != "" {
			all[filepath.Join(root, name)] = &fileChange{whole: true}
		}
	}
	return all, nil
}

// readHunks reads the new side of a unified diff without context.
func readHunks(root, diff string) (changes, error) {
	all := make(changes)
	var current *fileChange
	left := 0 // lines of the hunk, which may look like headers
	for line := range strings.Lines(diff) {
		line = strings.TrimRight(line, "\n")
		if left > 0 && (strings.HasPrefix(line, "-") || strings.HasPrefix(line, "+")) {
			left--
			continue
		}
		if name, ok := strings.CutPrefix(line, "+++ "); ok {
			if quoted, err := strconv.Unquote(name); err == nil {
				name = quoted
			}
			current = new(fileChange)
			all[filepath.Join(root, strings.TrimPrefix(strings.TrimRight(name, "\t"), "b/"))] = current
			continue
		}
		if !strings.HasPrefix(line, "@@ ") || current == nil {
			continue
		}
		hunk, lines, err := readHunk(line)
		if err != nil {
			return nil, err
		}
		current.hunks, left = append(current.hunks, hunk), lines
	}
	return all, nil
}

// readHunk reads the line "@@ -a,b +c,d @@", and returns how many lines follow it.
// Where lines were only removed, the lines on both sides of the gap count as
// changed.
func readHunk(line string) (hunk lineRange, lines int, err error) {
	bad := fmt.Errorf("git diff: cannot read %q", line)
	fields := strings.Fields(line)
	if len(fields) < 3 {
		return hunk, 0, bad
	}
	_, old, err := readRange(strings.TrimPrefix(fields[1], "-"))
	if err != nil {
		return hunk, 0, bad
	}
	start, n, err := readRange(strings.TrimPrefix(fields[2], "+"))
	switch {
	case err != nil:
		return hunk, 0, bad
	case n == 0:
		return lineRange{start, start + 1}, old, nil
	}
	return lineRange{start, start + n - 1}, old + n, nil
}

// readRange reads "a,b", or "a" for one line.
func readRange(text string) (start, n int, err error) {
	first, count, several := strings.Cut(text, ",")
	if start, err = strconv.Atoi(first); err != nil || !several {
		return start, 1, err
	}
	n, err = strconv.Atoi(count)
	return start, n, err
}

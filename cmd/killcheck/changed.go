package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/killcheck/killcheck/cmd/killcheck/internal/finding"
	"github.com/killcheck/killcheck/cmd/killcheck/internal/group"
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
	if strings.HasPrefix(revision, "-") {
		return nil, usagef("-new-from-rev: %q is no revision", revision)
	}
	// Outside of a repository git diff would compare two files.
	if _, err := git(ctx, root, "rev-parse", "--show-toplevel"); err != nil {
		return nil, fmt.Errorf("-new-from-rev: %w", err)
	}
	diff, err := git(ctx, root, "diff", "--unified=0", "--no-color", "--no-ext-diff", "--no-renames", "--src-prefix=a/", "--dst-prefix=b/", revision, "--", "*.go")
	if err != nil {
		return nil, err
	}
	all, err := readHunks(root, diff)
	if err != nil {
		return nil, err
	}
	unknown, err := git(ctx, root, "ls-files", "-z", "--others", "--exclude-standard", "--", "*.go")
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
	for line := range strings.Lines(diff) {
		line = strings.TrimRight(line, "\n")
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
		hunk, err := readHunk(line)
		if err != nil {
			return nil, err
		}
		current.hunks = append(current.hunks, hunk)
	}
	return all, nil
}

// readHunk reads the line "@@ -a,b +c,d @@". Where lines were only removed,
// the lines on both sides of the gap count as changed.
func readHunk(line string) (lineRange, error) {
	bad := fmt.Errorf("git diff: cannot read %q", line)
	fields := strings.Fields(line)
	if len(fields) < 3 {
		return lineRange{}, bad
	}
	first, count, several := strings.Cut(strings.TrimPrefix(fields[2], "+"), ",")
	start, err := strconv.Atoi(first)
	if err != nil {
		return lineRange{}, bad
	}
	n := 1
	if several {
		if n, err = strconv.Atoi(count); err != nil {
			return lineRange{}, bad
		}
	}
	if n == 0 {
		return lineRange{start, start + 1}, nil
	}
	return lineRange{start, start + n - 1}, nil
}

func git(ctx context.Context, dir string, args ...string) (string, error) {
	cmd := group.Command(ctx, time.Second, "git", args...)
	cmd.Dir = dir
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		if text := strings.TrimSpace(stderr.String()); text != "" {
			err = errors.New(text)
		}
		return "", fmt.Errorf("git %s: %w", args[0], err)
	}
	return stdout.String(), nil
}

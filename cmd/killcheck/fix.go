package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis/multichecker"

	"github.com/killcheck/killcheck/cmd/killcheck/internal/gocmd"
	"github.com/killcheck/killcheck/cmd/killcheck/internal/group"
)

// fixerVariable is set in the environment of a child process that is to apply
// fixes without go vet; see [fixerFace].
const fixerVariable = "KILLCHECK_FIXER"

// fixerFace applies fixes in this process, which it ends: package multichecker
// exits by itself.
func fixerFace(s suite) exitCode {
	if err := expandRows(os.Args); err != nil {
		fmt.Fprintf(standardError(), "killcheck: %v\n", err)
		return exitFailure
	}
	multichecker.Main(s.analyzers()...)
	return exitFailure // not reached
}

// applyFixes applies the fixes of the selected checks, or returns the
// difference that they would make. It merges, formats and writes by way of go
// vet where that can, else in a child process. The complaints say what could
// not be fixed.
func applyFixes(ctx context.Context, r *request, byVet bool, sel selection, o *options) (diff string, said []string, err error) {
	self, err := os.Executable()
	if err != nil {
		return "", nil, fmt.Errorf("cannot find this program: %w", err)
	}
	flags := []string{"-fix"}
	if o.diff {
		flags = append(flags, "-diff")
	}
	checks := r.suite.fixFlags(sel, o.review, o.review && hasPromote(ctx, r))
	if len(checks) == 0 {
		return "", nil, nil
	}
	checks = append(checks, rowsFlags(r.rows)...)
	var cmd *group.Cmd
	if byVet {
		args := append([]string{"vet"}, flags...)
		args = append(append(args, "-vettool="+self), r.flags...)
		args = append(append(args, checks...), r.loadable()...)
		r.log("go %s", strings.Join(args, " "))
		cmd = r.goCommand().Command(ctx, args...)
	} else {
		args := append(append(flags, checks...), r.patterns...)
		r.log("killcheck as a fixer: %s", strings.Join(args, " "))
		cmd = r.goCommand().Command(ctx, args...)
		cmd.Path, cmd.Args[0], cmd.Err = self, self, nil
		cmd.Env = append(cmd.Env, fixerVariable+"=1", "GOFLAGS="+goflags(os.Getenv("GOFLAGS"), r.flags))
	}
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err = cmd.Run()
	if ctx.Err() != nil {
		return "", nil, ctx.Err()
	}
	if exit := new(exec.ExitError); err != nil && !errors.As(err, &exit) {
		return "", nil, err
	}
	said = fixComplaints(stderr.String())
	if err == nil && o.fix {
		said = nil // warnings, of a compiler for example
	}
	return filterDiff(stdout.String(), r), said, nil
}

// hasPromote reports whether the module in charge can import package promote.
func hasPromote(ctx context.Context, r *request) bool {
	args := append([]string{"list"}, r.flags...)
	_, err := r.goCommand().Output(ctx, append(args, promotePath)...)
	return err == nil
}

// promotePath is the package that some fixes import.
const promotePath = "github.com/killcheck/killcheck/promote"

// goflags appends build flags to the value of GOFLAGS, quoted where they hold
// spaces.
func goflags(old string, flags []string) string {
	words := []string{old}
	for _, f := range flags {
		if strings.ContainsAny(f, " \t") {
			f = "'" + f + "'"
		}
		words = append(words, f)
	}
	return strings.TrimSpace(strings.Join(words, " "))
}

// fixComplaints returns the lines of standard error that say that something
// went wrong.
func fixComplaints(stderr string) []string {
	var said []string
	for line := range strings.Lines(gocmd.Complaints(stderr)) {
		line = strings.TrimRight(line, "\r\n")
		noise := line == "" || strings.HasPrefix(line, "# ") ||
			strings.Contains(line, "ignoring alternative fix") ||
			strings.HasSuffix(line, "(Re-run the command to apply more.)") // which is done
		if !noise {
			said = append(said, line)
		}
	}
	return said
}

// filterDiff keeps, of a unified diff, the files of the packages that were
// asked for: go vet prints others, too, because of the remedy for its cache
// fault. The files come out once and sorted.
func filterDiff(diff string, r *request) string {
	wanted := func(name string) bool {
		return slices.ContainsFunc(r.packages, func(p pkg) bool { return p.dir == filepath.Dir(name) })
	}
	var files []string
	for _, part := range splitDiff(diff) {
		header, _, _ := strings.Cut(strings.TrimPrefix(part, "--- "), "\n")
		name := strings.TrimSuffix(header, " (old)")
		if !wanted(name) {
			continue
		}
		short := r.shorter(name)
		part = strings.Replace(part, "--- "+name+" (old)", "--- "+filepath.ToSlash(short), 1)
		part = strings.Replace(part, "+++ "+name+" (new)", "+++ "+filepath.ToSlash(short), 1)
		files = append(files, renumbered(part))
	}
	slices.Sort(files)
	return strings.Join(slices.Compact(files), "")
}

// renumbered sets right the numbers of the lines in the new file: the tools give
// wrong ones behind a hunk that joins two edits.
func renumbered(part string) string {
	var b strings.Builder
	shift := 0
	for line := range strings.Lines(part) {
		var from, old, to, lines int
		if _, err := fmt.Sscanf(line, "@@ -%d,%d +%d,%d @@", &from, &old, &to, &lines); err == nil {
			line = fmt.Sprintf("@@ -%d,%d +%d,%d @@\n", from, old, from+shift, lines)
			shift += lines - old
		}
		b.WriteString(line)
	}
	return b.String()
}

// splitDiff cuts a unified diff before each file header.
func splitDiff(diff string) []string {
	var parts []string
	lines := slices.Collect(strings.Lines(diff))
	for i, line := range lines {
		header := strings.HasPrefix(line, "--- ") && i+1 < len(lines) && strings.HasPrefix(lines[i+1], "+++ ")
		switch {
		case header:
			parts = append(parts, line)
		case len(parts) > 0:
			parts[len(parts)-1] += line
		}
	}
	return parts
}

package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/killcheck/killcheck/cmd/killcheck/internal/cli"
	"github.com/killcheck/killcheck/cmd/killcheck/internal/finding"
	"github.com/killcheck/killcheck/cmd/killcheck/internal/format"
	"github.com/killcheck/killcheck/cmd/killcheck/internal/whole"
	"github.com/killcheck/killcheck/internal/plain"
)

// An output is a format and the file that it goes to, or standard output.
type output struct {
	format string
	file   string // as the user names it; empty for standard output
}

// readOutputs reads the value of -format, a list of formats with or without files, and
// that of -o, which is for the format without one.
func readOutputs(list, file string) ([]output, error) {
	var all []output
	bare := 0
	for entry := range strings.SplitSeq(list, ",") {
		name, to, named := strings.Cut(strings.TrimSpace(entry), ":")
		if format.New(name) == nil {
			return nil, usagef("unknown format %q: want one of %s%s", name, strings.Join(format.Names(), ", "), cli.Hint(name, format.Names()))
		}
		switch {
		case named && to == "":
			return nil, usagef("-format: %s: names no file", entry)
		case !named:
			bare++
			to = file
		}
		all = append(all, output{name, to})
	}
	switch {
	case bare > 1:
		return nil, usagef("-format: only one of several formats can go without a file: want NAME:FILE for the others")
	case bare == 0 && file != "":
		return nil, usagef("-o: each format of -format names a file already")
	}
	for i, a := range all {
		for _, b := range all[:i] {
			if a.file == b.file {
				return nil, usagef("two formats go to one file, %s", a.file)
			}
		}
	}
	return all, nil
}

// refuse says in the documents that were asked for why nothing could be analysed:
// who reads them may not see standard error. It returns the reason. A wrong command
// line gets no document, nor does a shard, whose run is not known.
func (c *command) refuse(ctx context.Context, o *options, reason error) error {
	outputs := slices.DeleteFunc(slices.Clone(o.outputs), func(out output) bool { return !format.TellsProblems(out.format) })
	dir, err := filepath.Abs(o.dir)
	if errors.As(reason, new(*usageError)) || ctx.Err() != nil || err != nil || o.diff || o.baselineWrite || !o.part.Whole() || len(outputs) == 0 {
		return reason
	}
	rep := &format.Report{
		Version: programVersion(),
		Dir:     dir,
		Root:    repositoryRoot(dir),
		Rules:   c.suite.rules(),
		Source:  finding.NewSource(nil, nil),
	}
	patterns := o.args
	if len(patterns) == 0 {
		patterns = []string{"."}
	}
	for _, pattern := range patterns {
		rep.Problems = append(rep.Problems, format.Problem{Package: pattern, Reason: reason.Error()})
	}
	told := *o
	told.outputs = outputs
	return errors.Join(reason, c.write(ctx, &told, &request{workspace: &workspace{show: dir}}, rep))
}

// write writes the report in each format that was asked for. Files are written whole.
func (c *command) write(ctx context.Context, o *options, r *request, rep *format.Report) error {
	for _, out := range o.outputs {
		if out.file == "" {
			if err := format.New(out.format).Write(c.stdout, rep); err != nil {
				return err
			}
			continue
		}
		plainly := *rep
		plainly.Frames, plainly.Color = o.color == "always", o.color == "always"
		var text bytes.Buffer
		if err := format.New(out.format).Write(plain.NewWriter(&text), &plainly); err != nil {
			return fmt.Errorf("%s: %w", out.format, err)
		}
		if err := whole.Write(ctx, r.abs(out.file), text.Bytes()); err != nil {
			return fmt.Errorf("%s: %w", out.format, err)
		}
	}
	return nil
}

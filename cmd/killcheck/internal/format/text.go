package format

import (
	"bufio"
	"fmt"
	"io"

	"github.com/killcheck/killcheck/cmd/killcheck/internal/finding"
)

// The text format: a line for each finding, and under it, behind a tab, the
// path from the spawn. On a terminal the code is shown, too.
type textFormat struct{}

func (textFormat) Write(w io.Writer, r *Report) error {
	out := bufio.NewWriter(w)
	for i, f := range r.shown() {
		if r.Frames {
			if i > 0 {
				fmt.Fprintln(out)
			}
			r.frame(out, f)
			continue
		}
		fmt.Fprintf(out, "%s: %s: %s\n", r.posn(f.Span), f.Check, f.Message)
		for _, s := range f.Path {
			fmt.Fprintf(out, "\t%s: %s\n", r.posn(s.Span), s.Message)
		}
	}
	return out.Flush()
}

// posn returns file:line:col, or file:line if the column is unknown.
func (r *Report) posn(s finding.Span) string {
	if s.Start.Line == 0 {
		return r.near(s.File)
	}
	if s.Start.Col == 0 {
		return fmt.Sprintf("%s:%d", r.near(s.File), s.Start.Line)
	}
	return fmt.Sprintf("%s:%d:%d", r.near(s.File), s.Start.Line, s.Start.Col)
}

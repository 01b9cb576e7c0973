package format

import (
	"fmt"

	"github.com/killcheck/killcheck/cmd/killcheck/internal/finding"
	"github.com/killcheck/killcheck/internal/plain"
)

// The text format: a line for each finding, and under it, behind a tab, the
// path from the spawn and the fixes. On a terminal the code is shown, too.
type textFormat struct{}

func (textFormat) Write(w *plain.Writer, r *Report) error {
	return w.Batch(func() error {
		for i, f := range r.shown() {
			if r.Frames {
				if i > 0 {
					fmt.Fprintln(w)
				}
				r.frame(w, f)
				continue
			}
			fmt.Fprintf(w, "%s: %s: %s\n", r.posn(f.Span), f.Name(), f.Message)
			for _, s := range f.Path {
				fmt.Fprintf(w, "\t%s: %s\n", r.posn(s.Span), s.Message)
			}
			for _, fix := range f.Fixes {
				fmt.Fprintf(w, "\tfix: %s (%s)\n", fix.Message, how(fix))
			}
		}
		return nil // the end of the batch tells of errors
	})
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

// how names the flags that apply a fix.
func how(fix finding.Fix) string {
	if fix.Review {
		return "-fix -review"
	}
	return "-fix"
}

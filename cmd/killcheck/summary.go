package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/killcheck/killcheck/cmd/killcheck/internal/finding"
)

// summarise says on standard error how much was found and what can be done about
// it, and with -v how much by each check. After fixing, [fixer.summary] says more.
func (c *command) summarise(ctx context.Context, r *request, o *options, out *outcome) {
	if o.quiet || o.fixing() {
		return
	}
	var shown []finding.Finding
	packages := make(map[string]bool)
	for _, f := range out.findings {
		if f.Counts() {
			shown = append(shown, f)
			packages[f.Package] = true
		}
	}
	if len(shown) == 0 {
		if (o.verbose || isTerminal(c.stderr)) && len(out.problems) == 0 {
			fmt.Fprintf(c.stderr, "killcheck: nothing found in %s\n", counted(out.packages, "package", "packages"))
		}
		return
	}
	fixer := &fixer{command: c, request: r, opts: o}
	fixer.files.Own = out.own
	safe, review := 0, 0
	for _, f := range shown {
		if _, ok := fixer.fixOf(ctx, f, false); ok {
			safe++
		} else if _, ok := fixer.fixOf(ctx, f, true); ok {
			review++
		}
	}
	var fixes []string
	if safe > 0 {
		fixes = append(fixes, counted(safe, "safe fix", "safe fixes")+" (-fix)")
	}
	switch {
	case review > 0 && safe > 0:
		fixes = append(fixes, fmt.Sprintf("%d for review (-fix -review)", review))
	case review > 0:
		fixes = append(fixes, counted(review, "fix", "fixes")+" for review (-fix -review)")
	case safe == 0:
		fixes = append(fixes, "no fixes")
	}
	fmt.Fprintf(c.stderr, "killcheck: %s in %s: %s\n", counted(len(shown), "finding", "findings"), counted(len(packages), "package", "packages"), strings.Join(fixes, ", "))
	if o.verbose {
		fmt.Fprintf(c.stderr, "killcheck: %s\n", byCheck(shown))
	}
}

// byCheck counts findings by check, the most frequent first.
func byCheck(shown []finding.Finding) string {
	count := make(map[string]int)
	var names []string
	for _, f := range shown {
		if count[f.Name()]++; count[f.Name()] == 1 {
			names = append(names, f.Name())
		}
	}
	slices.Sort(names)
	slices.SortStableFunc(names, func(a, b string) int { return count[b] - count[a] })
	for i, name := range names {
		names[i] = fmt.Sprintf("%d %s", count[name], name)
	}
	return strings.Join(names, ", ")
}

package main

import (
	"context"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"github.com/killcheck/killcheck/analyzer/kb"
	"github.com/killcheck/killcheck/cmd/killcheck/internal/cli"
)

// explain describes a check, what the knowledge base says of a symbol, or what
// waits at a place of the code.
func (c *command) explain(ctx context.Context, args []string) (exitCode, error) {
	o, err := c.parseOptions("explain", args)
	switch {
	case err != nil:
		return exitFailure, err
	case len(o.args) != 1:
		return exitFailure, &usageError{"explain takes one check, symbol or place", "explain"}
	case strings.Contains(o.args[0], ".go:"):
		return c.explainPlace(ctx, o)
	}
	name := o.args[0]
	if check, ok := c.suite.find(name); ok {
		fmt.Fprintf(c.stdout, "%s (%s)\n\n%s\n\n%s\n", check.name, check.tier, strings.TrimSpace(check.analyzer.Doc), check.analyzer.URL)
		return exitClean, nil
	}
	base, err := c.knowledge(o)
	if err != nil {
		return exitFailure, err
	}
	entries := base.Symbol(name)
	if len(entries) == 0 {
		return exitFailure, fmt.Errorf("%q is neither a check nor a symbol in the knowledge base, nor a place such as FILE.go:LINE%s", name, cli.Hint(name, append(c.suite.names(), symbols(base)...)))
	}
	for i, e := range entries {
		if i > 0 {
			fmt.Fprintln(c.stdout)
		}
		describe(c.stdout, e)
	}
	return exitClean, nil
}

// knowledge returns the built-in rows, with those of flags and of the configuration.
func (c *command) knowledge(o *options) (*kb.Base, error) {
	dir, err := filepath.Abs(o.dir)
	if err != nil {
		return nil, err
	}
	r := &request{workspace: &workspace{dir: dir, show: dir}, suite: c.suite, log: func(string, ...any) {}}
	if r.rows, err = o.rows.read(dir); err != nil {
		return nil, err
	}
	if err := o.wants(r); err != nil {
		return nil, err
	}
	if err := r.configure([]string{dir}); err != nil {
		return nil, err
	}
	return kb.Load(kb.Source{Name: "rows", Text: r.rows})
}

// symbols returns the names of the rows.
func symbols(base *kb.Base) []string {
	var names []string
	for _, e := range base.All() {
		names = append(names, e.Symbol)
	}
	return names
}

// describe prints a row of the knowledge base in words.
func describe(w io.Writer, e kb.Entry) {
	fmt.Fprintf(w, "%s %s\n", e.Keyword, e.Symbol)
	line := func(label, text string) {
		if text != "" {
			fmt.Fprintf(w, "\t%s: %s\n", label, text)
		}
	}
	line("effect", string(e.Effect))
	line("kind", string(e.Kind))
	if e.Waits() {
		line("what ends the wait", wakes(e.Wakes))
	}
	if len(e.Raises) > 0 {
		line("what a call sets off", wakes(e.Raises))
	}
	line("only for", strings.Join(e.Handle, ", "))
	line("with a stop signal", since(e.Use, e.UseSince))
	line("what to do", since(e.Fix, e.FixSince))
	line("exists since", e.Since)
	line("note", e.Note)
	line("known from", e.Pos)
}

func wakes(list []kb.Wake) string {
	var words []string
	for _, w := range list {
		words = append(words, w.String())
	}
	return strings.Join(words, ", ")
}

func since(text, version string) string {
	if text == "" || version == "" {
		return text
	}
	return text + " (since " + version + ")"
}

package main

import (
	"context"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strings"

	"github.com/killcheck/killcheck/analyzer/directive"
	"github.com/killcheck/killcheck/cmd/killcheck/internal/finding"
	"github.com/killcheck/killcheck/internal/plain"
)

// ignores is the command ignores. It reads the files and analyses nothing.
func (c *command) ignores(ctx context.Context, args []string) (exitCode, error) {
	o, err := c.parseOptions("ignores", args)
	if err != nil {
		return exitFailure, err
	}
	w, err := openWorkspace(ctx, o)
	if err != nil {
		return exitFailure, err
	}
	pkgs, err := w.list(ctx)
	if err != nil {
		return exitFailure, err
	}
	var problems []problem
	listing := make(finding.Listing)
	for _, p := range pkgs {
		if p.broken != "" {
			problems = append(problems, problem{p.path, p.broken})
			continue
		}
		listing.Add(p.dir, p.files...)
	}
	var files []string
	for file := range listing {
		if (o.tests || !strings.HasSuffix(file, "_test.go")) && (len(w.files) == 0 || w.files[file]) {
			files = append(files, file)
		}
	}
	slices.Sort(files)
	source := finding.NewSource(listing, w.overlay)
	wrong := false
	for _, file := range files {
		text, known := source.Text(file)
		if !known {
			continue
		}
		fset := token.NewFileSet()
		syntax, err := parser.ParseFile(fset, file, text, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil && syntax == nil || ast.IsGenerated(syntax) {
			continue // what is wrong with it, the compiler says
		}
		for _, d := range directive.Collect(fset, []*ast.File{syntax}) {
			at := fset.PositionFor(d.Pos, false)
			said := d.String() + " -- " + d.Reason
			if !d.Valid() {
				wrong, said = true, d.Problem
			}
			fmt.Fprintf(c.stdout, "%s:%d:%d: %s\n", plain.Line(filepath.FromSlash(finding.Relative(w.show, file))), at.Line, at.Column, said)
		}
	}
	c.complain(problems)
	switch {
	case len(problems) > 0:
		return exitFailure, nil
	case wrong:
		return exitFindings, nil
	}
	return exitClean, nil
}

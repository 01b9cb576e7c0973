package passtest

import (
	"bytes"
	"flag"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/analysistest"
	"golang.org/x/tools/go/analysis/checker"

	"github.com/killcheck/killcheck/passes/internal/fix/edit"
	"github.com/killcheck/killcheck/passes/internal/report"
)

// Run checks the fixtures of a check in testdata/src: the reports against the
// "want" comments and the names of the functions, the fixes against the
// ".golden" files. Then it applies the fixes and requires that
//   - the package compiles,
//   - each file is formatted and has kept its comments,
//   - the check reports only what had no fix, so that applying the fixes again
//     changes nothing.
//
// With -update the ".golden" files are written first.
func Run(t *testing.T, a *analysis.Analyzer, packages ...string) {
	t.Helper()
	if *update {
		writeGolden(t, a, packages)
	}
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(analysistest.TestData())); err != nil {
		t.Fatal(err)
	}
	unfixed := 0
	for _, act := range Analyze(t, analysistest.TestData(), a, packages...) {
		if r, ok := act.Result.(*report.Result); ok && r.Internal != "" {
			t.Errorf("the check panics: %s", r.Internal)
		}
		names(t, act)
		for _, d := range act.Diagnostics {
			form(t, d)
			if len(d.SuggestedFixes) == 0 {
				unfixed++
			}
		}
		fset, edits := act.Package.Fset, edits(act)
		for _, file := range act.Package.Syntax {
			name := fset.File(file.Pos()).Name()
			var found []note
			for _, d := range act.Diagnostics {
				if fset.File(d.Pos).Name() == name {
					found = append(found, note{fset.Position(d.Pos).Line, d.Message})
				}
			}
			match(t, name, wants(t, fset, file), found)
			if edits := edits[name]; edits != nil {
				fixFile(t, dir, name, fset, edits)
			} else if _, err := os.Stat(name + ".golden"); err == nil {
				t.Errorf("%s: there are no fixes, but a .golden file", name)
			}
		}
	}
	left := 0
	for _, act := range Analyze(t, dir, a, packages...) {
		for _, d := range act.Diagnostics {
			left++
			if len(d.SuggestedFixes) > 0 {
				t.Errorf("%s: a fix is offered again: %s", act.Package.Fset.Position(d.Pos), d.Message)
			}
		}
	}
	if left != unfixed {
		t.Errorf("%d findings had no fix, but %d are left after the others were fixed", unfixed, left)
	}
}

// edits returns the edits of all fixes by file.
func edits(act *checker.Action) map[string][]analysis.TextEdit {
	edits := make(map[string][]analysis.TextEdit)
	for _, d := range act.Diagnostics {
		if len(d.SuggestedFixes) == 0 {
			continue
		}
		for _, e := range d.SuggestedFixes[0].TextEdits {
			name := act.Package.Fset.File(e.Pos).Name()
			edits[name] = append(edits[name], e)
		}
	}
	return edits
}

var update = flag.Bool("update", false, "write the .golden files of the fixtures")

func writeGolden(t *testing.T, a *analysis.Analyzer, packages []string) {
	t.Helper()
	for _, act := range Analyze(t, analysistest.TestData(), a, packages...) {
		fset := act.Package.Fset
		for name, edits := range edits(act) {
			source, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			fixed, err := format.Source(edit.Apply(source, token.Pos(fset.File(edits[0].Pos).Base()), edits))
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(name+".golden", fixed, 0o666); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// fixFile compares the fixed form of a file of the fixtures with its ".golden" file,
// and writes it to the copy in dir.
func fixFile(t *testing.T, dir, name string, fset *token.FileSet, edits []analysis.TextEdit) {
	t.Helper()
	source, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	fixed := edit.Apply(source, token.Pos(fset.File(edits[0].Pos).Base()), edits)
	formatted, err := format.Source(fixed)
	if err != nil {
		t.Fatalf("%s does not parse after its fixes: %v\n%s", name, err, fixed)
	}
	if clean, err := format.Source(source); err == nil && bytes.Equal(clean, source) && !bytes.Equal(fixed, formatted) {
		t.Errorf("%s is not formatted after its fixes:\n%s", name, fixed)
	}
	if golden, err := os.ReadFile(name + ".golden"); err != nil {
		t.Error(err)
	} else if !bytes.Equal(golden, formatted) {
		t.Errorf("%s.golden is not what the fixes give:\n%s", name, formatted)
	}
	after := comments(t, fixed)
	for _, c := range comments(t, source) {
		i := slices.Index(after, c)
		if i < 0 {
			t.Errorf("%s: comment %q is lost or has moved", name, c)
			break
		}
		after = after[i+1:] // a fix may add comments of its own
	}
	rel, err := filepath.Rel(analysistest.TestData(), name)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, rel), formatted, 0o666); err != nil {
		t.Fatal(err)
	}
}

func comments(t *testing.T, source []byte) []string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "", source, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, group := range file.Comments {
		for _, c := range group.List {
			all = append(all, c.Text)
		}
	}
	return all
}

// form requires that messages start in lower case, have no full stop and come
// with the name of the check and its page.
func form(t *testing.T, d analysis.Diagnostic) {
	t.Helper()
	messages := []string{d.Message}
	for _, fix := range d.SuggestedFixes {
		messages = append(messages, fix.Message)
	}
	for _, m := range messages {
		if m == "" || strings.ToLower(m[:1]) != m[:1] || strings.HasSuffix(m, ".") {
			t.Errorf("message %q: want lower case at the start and no full stop", m)
		}
	}
	if d.Category == "" || !strings.HasSuffix(d.URL, "/"+d.Category+".md") {
		t.Errorf("%s: category %q, page %q", d.Message, d.Category, d.URL)
	}
}

// names holds the names of functions against the reports inside them. A name
// that ends in Bad has a report and one that ends in Ok has none; the prefixes
// FN_ and FP_ say that the opposite is known to be wrong.
func names(t *testing.T, act *checker.Action) {
	t.Helper()
	for _, file := range act.Package.Syntax {
		for _, decl := range file.Decls {
			fn, ok := decl.(*ast.FuncDecl)
			if !ok {
				continue
			}
			name := fn.Name.Name
			reported := slices.ContainsFunc(act.Diagnostics, func(d analysis.Diagnostic) bool {
				return fn.Pos() <= d.Pos && d.Pos < fn.End()
			})
			wrong := strings.HasPrefix(name, "FN_") || strings.HasPrefix(name, "FP_")
			switch {
			case strings.HasSuffix(name, "Bad") && reported == wrong:
				t.Errorf("%s: reported is %v", name, reported)
			case strings.HasSuffix(name, "Ok") && reported != wrong:
				t.Errorf("%s: reported is %v", name, reported)
			case reported && !strings.HasSuffix(name, "Bad") && !strings.HasSuffix(name, "Ok"):
				t.Errorf("%s is reported, but its name does not end in Bad", name)
			}
		}
	}
}

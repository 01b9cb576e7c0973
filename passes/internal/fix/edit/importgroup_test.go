package edit

import (
	"go/parser"
	"go/token"
	"go/types"
	"testing"

	"golang.org/x/tools/go/analysis"
)

// TestAddImports puts imports into files of many layouts.
func TestAddImports(t *testing.T) {
	for name, test := range map[string]struct {
		before, after string
		paths         []string
	}{
		"none":     {"", "\n\nimport \"context\"", []string{"context"}},
		"several":  {"", "\n\nimport (\n\t\"context\"\n\n\t\"example.com/b\"\n)", []string{"context", "example.com/b"}},
		"sorted":   {"\n\nimport (\n\t\"bytes\"\n\t\"sync\"\n)", "\n\nimport (\n\t\"bytes\"\n\t\"context\"\n\t\"net\"\n\t\"sync\"\n\t\"time\"\n)", []string{"context", "net", "time"}},
		"standard": {"\n\nimport (\n\t\"sync\"\n\n\t\"a.org/x\"\n)", "\n\nimport (\n\t\"sync\"\n\t\"time\"\n\n\t\"a.org/x\"\n)", []string{"time"}},
		"other":    {"\n\nimport (\n\t\"sync\"\n\n\t\"b.org/x\"\n)", "\n\nimport (\n\t\"sync\"\n\n\t\"a.org/x\"\n\t\"b.org/x\"\n)", []string{"a.org/x"}},
		"own last": {
			"\n\nimport (\n\t\"sync\"\n\n\t\"b.org/x\"\n\n\t\"example.com/m/q\"\n)",
			"\n\nimport (\n\t\"sync\"\n\n\t\"b.org/x\"\n\t\"c.org/x\"\n\n\t\"example.com/m/q\"\n\t\"example.com/m/r\"\n)",
			[]string{"c.org/x", "example.com/m/r"},
		},
		"own first": {
			"\n\nimport (\n\t\"example.com/m/q\"\n\n\t\"b.org/x\"\n)",
			"\n\nimport (\n\t\"example.com/m/q\"\n\n\t\"b.org/x\"\n\t\"c.org/x\"\n)",
			[]string{"c.org/x"},
		},
		"new groups": {
			"\n\nimport (\n\t// why\n\t\"b.org/x\" // which\n)",
			"\n\nimport (\n\t\"context\"\n\t\"sync\"\n\n\t// why\n\t\"b.org/x\" // which\n)",
			[]string{"context", "sync"},
		},
		"top and first": {
			"\n\nimport (\n\t\"b.org/x\"\n)", "\n\nimport (\n\t\"context\"\n\n\t\"a.org/x\"\n\t\"b.org/x\"\n)", []string{"a.org/x", "context"},
		},
		"last and end": {
			"\n\nimport (\n\t\"context\" // why\n)", "\n\nimport (\n\t\"context\" // why\n\t\"sync\"\n\n\t\"a.org/x\"\n)", []string{"a.org/x", "sync"},
		},
		"effects": {
			"\n\nimport (\n\t_ \"embed\"\n\n\t\"net\"\n)", "\n\nimport (\n\t_ \"embed\"\n\n\t\"context\"\n\t\"net\"\n)", []string{"context"},
		},
		"comment above": {
			"\n\nimport (\n\t\"bytes\"\n\t// why\n\t\"sync\"\n)", "\n\nimport (\n\t\"bytes\"\n\t\"context\"\n\t// why\n\t\"sync\"\n)", []string{"context"},
		},
		"single": {
			"\n\nimport \"net\" // why", "\n\nimport (\n\t\"context\"\n\t\"net\" // why\n\t\"time\"\n)", []string{"context", "time"},
		},
		"single other": {
			"\n\nimport x \"b.org/x\"", "\n\nimport (\n\t\"context\"\n\t\"time\"\n\n\tx \"b.org/x\"\n\t\"c.org/x\"\n)", []string{"c.org/x", "context", "time"},
		},
		"singles": {
			"\n\nimport \"bytes\"\nimport \"net\"", "\n\nimport \"bytes\"\nimport \"context\"\nimport \"net\"\nimport \"time\"", []string{"context", "time"},
		},
		"one line": {"\n\nimport (\"net\"; \"sync\")", "\n\nimport (\"net\"; \"sync\"\n\t\"time\"\n\t)", []string{"time"}},
		"carriage returns": {
			"\r\n\r\nimport (\r\n\t\"net\"\r\n)", "\r\n\r\nimport (\r\n\t\"net\"\n\t\"time\"\r\n)", []string{"time"}, // whose ends package report gives
		},
	} {
		t.Run(name, func(t *testing.T) {
			source := []byte("package p" + test.before + "\n\nvar x int\n")
			fset := token.NewFileSet()
			syntax, err := parser.ParseFile(fset, "p.go", source, parser.ParseComments)
			if err != nil {
				t.Fatal(err)
			}
			f := &File{Fset: fset, Syntax: syntax, Src: source, Pkg: types.NewPackage("example.com/m/p", "p")}
			var asked []analysis.TextEdit
			for i := range 2 { // asking twice is asking once
				for _, path := range test.paths {
					if i == 0 || path == test.paths[0] {
						asked = append(asked, Insert(syntax.Package, ImportMark+path))
					}
				}
			}
			edits, err := f.PlaceImports(asked)
			if err != nil {
				t.Fatal(err)
			}
			if got, want := string(splice(f, Merge(edits))), "package p"+test.after+"\n\nvar x int\n"; got != want {
				t.Errorf("got\n%s\nwant\n%s", got, want)
			}
		})
	}
}

// splice returns the text of a file with the edits in it, which are sorted.
func splice(f *File, edits []analysis.TextEdit) []byte {
	var out []byte
	last := 0
	for _, e := range edits {
		out = append(append(out, f.Src[last:f.Offset(e.Pos)]...), e.NewText...)
		last = f.Offset(e.End)
	}
	return append(out, f.Src[last:]...)
}

package fix

import (
	"bytes"
	"flag"
	"go/ast"
	"go/build"
	"go/format"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/txtar"

	"github.com/killcheck/killcheck/passes/internal/fix/edit"
	"github.com/killcheck/killcheck/passes/internal/remedy"
)

var update = flag.Bool("update", false, "rewrite the expected sections of testdata/*.txtar")

const (
	marker      = "/*@*/"
	otherMarker = "/*@at*/"
)

// TestBuild runs the archives in testdata. Each file NAME.go of an archive holds
// one place marked /*@*/ and starts with a comment that gives the remedy:
//
//	// op=send stop=ctx.Done() ctx=ctx
//
// A place marked /*@at*/ is the other place of the remedy.
// NAME.want is the file after the fix, or "error: " and why there is none. Its
// first line says whether the fix is exact.
func TestBuild(t *testing.T) {
	archives, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(archives) == 0 {
		t.Fatal("no archives", err)
	}
	build.Default.CgoEnabled = false // there may be no C compiler
	imports := &importing{Importer: importer.ForCompiler(token.NewFileSet(), "source", nil)}
	for _, name := range archives {
		archive, err := txtar.ParseFile(name)
		if err != nil {
			t.Fatal(err)
		}
		var out []txtar.File
		for i, f := range archive.Files {
			source, ok := strings.CutSuffix(f.Name, ".go")
			if !ok {
				continue
			}
			t.Run(filepath.Base(name)+"/"+source, func(t *testing.T) {
				got := fixed(t, imports, f.Name, f.Data)
				want := ""
				if i+1 < len(archive.Files) && archive.Files[i+1].Name == source+".want" {
					want = string(archive.Files[i+1].Data)
				}
				if !*update && got != want {
					t.Errorf("got\n%s\nwant\n%s", got, want)
				}
				out = append(out, f, txtar.File{Name: source + ".want", Data: []byte(got)})
			})
		}
		if *update {
			archive.Files = out
			if err := os.WriteFile(name, txtar.Format(archive), 0o666); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// importing imports the standard library and package promote. Both come from source:
// to compile what the archives import would take longer.
type importing struct {
	types.Importer
	promote *types.Package
}

func (i *importing) Import(path string) (*types.Package, error) {
	if path != edit.PromotePath || i.promote != nil {
		if path == edit.PromotePath {
			return i.promote, nil
		}
		return i.Importer.Import(path)
	}
	listed, err := build.ImportDir("../../../promote", 0)
	if err != nil {
		return nil, err
	}
	fset := token.NewFileSet()
	var files []*ast.File
	for _, name := range listed.GoFiles {
		file, err := parser.ParseFile(fset, filepath.Join(listed.Dir, name), nil, parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		files = append(files, file)
	}
	config := types.Config{Importer: i.Importer, IgnoreFuncBodies: true}
	i.promote, err = config.Check(path, fset, files, nil)
	return i.promote, err
}

// fixed returns the text of the expected section for a source. Whatever the
// builders return has to compile, to be formatted and to keep all comments.
func fixed(t *testing.T, imports types.Importer, name string, marked []byte) string {
	t.Helper()
	source, other := unmark(marked, otherMarker, marker)
	offset := bytes.Index(source, []byte(marker))
	source = bytes.Replace(source, []byte(marker), nil, 1)
	f := check(t, imports, name, source)
	if _, rest, ok := strings.Cut(string(source), "//go:build "); ok {
		f.Info.FileVersions[f.Syntax], _, _ = strings.Cut(rest, "\n")
	}
	r := remedyOf(t, string(source))
	r.Pos = f.Syntax.FileStart + token.Pos(offset)
	if other >= 0 {
		r.At = f.Syntax.FileStart + token.Pos(other)
	}
	if r.Op == remedy.Owner {
		r.Spawn = firstStart(f.Syntax)
	}
	fix, err := Build(f, r)
	if err != nil {
		return "error: " + err.Error() + "\n"
	}
	text := apply(t, source, f, fix.Edits)
	formatted, err := format.Source(text)
	if err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
	if !bytes.Equal(text, formatted) {
		t.Errorf("not formatted:\n%s", text)
	}
	after := check(t, imports, name, text)
	kept := comments(after.Syntax)
	for _, c := range comments(f.Syntax) {
		i := slices.Index(kept, c)
		if i < 0 {
			t.Errorf("comment %q is lost or has moved", c)
			break
		}
		kept = kept[i+1:] // a fix may add comments of its own
	}
	level := "review"
	if fix.Exact {
		level = "safe"
	}
	return level + ": " + fix.Message + "\n" + string(text)
}

// firstStart returns the position of the first go statement of a file.
func firstStart(file *ast.File) token.Pos {
	first := token.NoPos
	ast.Inspect(file, func(n ast.Node) bool {
		if stmt, ok := n.(*ast.GoStmt); ok && !first.IsValid() {
			first = stmt.Go
		}
		return true
	})
	return first
}

// unmark removes a marker and returns its offset in the text that has no marks at
// all, or -1. The other marker stays.
func unmark(marked []byte, marker, other string) (text []byte, offset int) {
	offset = bytes.Index(marked, []byte(marker))
	text = bytes.Replace(marked, []byte(marker), nil, 1)
	if i := bytes.Index(text, []byte(other)); offset >= 0 && i < offset {
		offset -= len(other)
	}
	return text, offset
}

// check parses and type-checks a file, which has to be right.
func check(t *testing.T, imports types.Importer, name string, source []byte) *edit.File {
	t.Helper()
	fset := token.NewFileSet()
	syntax, err := parser.ParseFile(fset, name, source, parser.ParseComments)
	if err != nil {
		t.Fatalf("%v in\n%s", err, source)
	}
	info := &types.Info{
		Types:        make(map[ast.Expr]types.TypeAndValue),
		Defs:         make(map[*ast.Ident]types.Object),
		Uses:         make(map[*ast.Ident]types.Object),
		Implicits:    make(map[ast.Node]types.Object),
		Selections:   make(map[*ast.SelectorExpr]*types.Selection),
		Scopes:       make(map[ast.Node]*types.Scope),
		FileVersions: make(map[*ast.File]string),
	}
	config := types.Config{Importer: imports}
	pkg, err := config.Check("p", fset, []*ast.File{syntax}, info)
	if err != nil {
		t.Fatalf("%v in\n%s", err, source)
	}
	return &edit.File{Fset: fset, Syntax: syntax, Info: info, Pkg: pkg, Src: source}
}

func remedyOf(t *testing.T, source string) remedy.Remedy {
	t.Helper()
	line, _, _ := strings.Cut(source, "\n")
	r := remedy.Remedy{Safe: true, Arg: -1}
	for word := range strings.FieldsSeq(strings.TrimPrefix(line, "//")) {
		key, value, _ := strings.Cut(word, "=")
		switch key {
		case "op":
			r.Op = remedy.Op(value)
		case "inner":
			r.Inner = remedy.Op(value)
		case "stop":
			r.Stop.Expr = value
		case "ctx":
			r.Stop.Ctx = value
		case "capacity":
			r.Capacity = value
		case "use":
			r.Use = value
		case "wake":
			r.Wake = value
		case "arg":
			n, err := strconv.Atoi(value)
			if err != nil {
				t.Fatal(err)
			}
			r.Arg = n
		case "tail":
			r.Tail = true
		case "unsafe":
			r.Safe = false
		default:
			t.Fatalf("unknown key %q in %q", key, line)
		}
	}
	return r
}

func apply(t *testing.T, source []byte, f *edit.File, edits []analysis.TextEdit) []byte {
	var out []byte
	last := -1
	for _, e := range edits {
		if f.Offset(e.Pos) == last {
			t.Errorf("two edits meet at offset %d: drivers may take them for a conflict", last)
		}
		last = max(last, 0)
		out = append(out, source[last:f.Offset(e.Pos)]...)
		out = append(out, e.NewText...)
		last = f.Offset(e.End)
	}
	return append(out, source[last:]...)
}

func comments(f *ast.File) []string {
	var all []string
	for _, group := range f.Comments {
		for _, c := range group.List {
			all = append(all, c.Text)
		}
	}
	return all
}

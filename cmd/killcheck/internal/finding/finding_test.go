package finding

import (
	"os"
	"path/filepath"
	"testing"
)

func at(file string, line int, message string) Finding {
	return Finding{Check: "c", Message: message, Span: Span{File: file, Start: Point{Line: line, Col: 1}}}
}

func TestSort(t *testing.T) {
	a, b, c := at("a.go", 2, "m"), at("a.go", 10, "m"), at("b.go", 1, "m")
	variant := a
	variant.Package = "p" // the same finding, seen in another package
	for _, in := range [][]Finding{{c, variant, b, a}, {a, b, c, variant}} {
		got := Sort(in)
		if len(got) != 3 || got[0].Start != a.Start || got[1].Start != b.Start || got[2].File != "b.go" {
			t.Fatalf("got %+v", got)
		}
		if got[0].Package != "" {
			t.Error("which of two equal findings is kept depends on the order")
		}
	}
}

func TestFingerprints(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "a.go")
	set := func(text string, lines ...int) []string {
		if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		var all []Finding
		for _, line := range lines {
			all = append(all, at(file, line, "m"))
		}
		SetFingerprints(all, dir, NewSource(Listing{file: dir}, nil))
		var prints []string
		for _, f := range all {
			prints = append(prints, f.Fingerprint)
		}
		return prints
	}
	before := set("for {\n}\nfor {\n}\ngo f()\n", 1, 3, 5)
	moved := set("// new\n\n\tfor {\n}\n\tfor {\n}\n\tgo f()\n", 3, 5, 7)
	for i := range before {
		if before[i] != moved[i] {
			t.Errorf("fingerprint %d does not survive a move", i)
		}
	}
	if before[0] == before[1] || before[0] == before[2] {
		t.Error("two findings have one fingerprint")
	}
	if changed := set("for x {\n}\n", 1); changed[0] == before[0] {
		t.Error("a changed line keeps the fingerprint")
	}
}

func TestSource(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "a.go")
	if err := os.WriteFile(file, []byte("one\r\ntwo\n\nlast"), 0o666); err != nil {
		t.Fatal(err)
	}
	s := NewSource(Listing{file: dir}, map[string]string{"/virtual.go": file})
	for n, want := range []string{"", "one", "two", "", "last", ""} {
		if got := s.Line("/virtual.go", n); got != want {
			t.Errorf("line %d = %q, want %q", n, got, want)
		}
	}
	for offset, want := range map[int]Point{-1: {}, 0: {1, 1}, 4: {1, 5}, 5: {2, 1}, 9: {3, 1}, 14: {4, 5}, 15: {}} {
		if got := s.Point(file, offset); got != want {
			t.Errorf("offset %d = %+v, want %+v", offset, got, want)
		}
	}
	if s.Line(filepath.Join(dir, "nosuch.go"), 1) != "" || s.Point(filepath.Join(dir, "nosuch.go"), 0) != (Point{}) {
		t.Error("a file that is not there has text")
	}
}

func TestRelative(t *testing.T) {
	for _, test := range [][3]string{
		{"/r", "/r/a/b.go", "a/b.go"},
		{"/r", "/other/b.go", "/other/b.go"},
		{"/r", "/r/..b.go", "..b.go"},
	} {
		if got := Relative(test[0], test[1]); got != test[2] {
			t.Errorf("Relative(%q, %q) = %q, want %q", test[0], test[1], got, test[2])
		}
	}
}

package passes_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"

	"github.com/killcheck/killcheck/passes"
)

func TestValid(t *testing.T) {
	if err := analysis.Validate(passes.New(passes.Options{}).Analyzers()); err != nil {
		t.Error(err)
	}
}

// Two suites share nothing that a flag could change.
func TestSuitesAreIndependent(t *testing.T) {
	first, second := passes.New(passes.Options{}), passes.New(passes.Options{Review: true})
	for i := range first {
		a, b := first[i].Analyzer, second[i].Analyzer
		if a == b {
			t.Errorf("%s: one analyzer in two suites", a.Name)
		}
		review := a.Flags.Lookup("review")
		if review == nil {
			continue // directive offers no fixes
		}
		if review.Value.String() != "false" || b.Flags.Lookup("review").Value.String() != "true" {
			t.Errorf("%s: the option is not the default of the flag", a.Name)
		}
	}
}

// Every folder is in the suite and every check in the folder of its name, with
// a document and a test.
func TestFolders(t *testing.T) {
	entries, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	var folders []string
	for _, e := range entries {
		if e.IsDir() && e.Name() != "internal" && e.Name() != "testdata" {
			folders = append(folders, e.Name())
		}
	}
	var names []string
	for _, check := range passes.New(passes.Options{}) {
		name := check.Analyzer.Name
		names = append(names, name)
		for _, file := range []string{"doc.go", name + ".go", name + "_test.go"} {
			if _, err := os.Stat(filepath.Join(name, file)); err != nil {
				t.Error(err)
			}
		}
	}
	for _, check := range passes.New(passes.Options{}) {
		a := check.Analyzer
		_, fix, _ := strings.Cut(a.Doc, "\nFix. ")
		golden, _ := filepath.Glob(filepath.Join(a.Name, "testdata", "src", "*", "*.golden"))
		if strings.HasPrefix(fix, "None") != (len(golden) == 0) {
			t.Errorf("%s: the document says %.20q and there are %d golden files", a.Name, fix, len(golden))
		}
	}
	slices.Sort(names)
	if !slices.Equal(folders, names) {
		t.Errorf("folders %q, checks %q", folders, names)
	}
}

func TestDocs(t *testing.T) {
	for _, check := range passes.New(passes.Options{}) {
		a := check.Analyzer
		summary, _, _ := strings.Cut(a.Doc, "\n")
		if !strings.HasPrefix(summary, "report ") || strings.HasSuffix(summary, ".") {
			t.Errorf("%s: summary %q", a.Name, summary)
		}
		leads := []string{"\nLeaks:\n\n\t", "\nStops:\n\n\t", "\nWhy it matters. ", "\nNot reported. ", "\nFix. "}
		if a.Name == "directive" {
			leads = leads[2:] // no goroutine, no examples
		}
		last := 0
		for _, lead := range leads {
			at := strings.Index(a.Doc, lead)
			if at < last {
				t.Errorf("%s: %q is missing or out of order", a.Name, strings.TrimSpace(lead))
			}
			last = max(last, at)
		}
		if !strings.HasSuffix(a.URL, "/"+a.Name+".md") {
			t.Errorf("%s: URL %s", a.Name, a.URL)
		}
	}
}

// A driver may register the flags of all analyzers, with or without the name of
// the analyzer in front, beside its own.
func TestFlags(t *testing.T) {
	reserved := []string{"V", "flags", "json", "c", "fix", "diff", "test", "debug", "cpuprofile", "memprofile", "trace", "v", "tags"}
	for _, check := range passes.New(passes.Options{}) {
		a := check.Analyzer
		if slices.Contains(reserved, a.Name) {
			t.Errorf("%s is a flag of the drivers", a.Name)
		}
		for _, name := range reserved {
			if a.Flags.Lookup(name) != nil {
				t.Errorf("%s: flag %s is one of the drivers'", a.Name, name)
			}
		}
	}
}

package gclplugin

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/golangci/plugin-module-register/register"
	"golang.org/x/tools/go/analysis"

	"github.com/killcheck/killcheck/analyzer"
	"github.com/killcheck/killcheck/passes"
)

func names(t *testing.T, conf any) []string {
	t.Helper()
	p, err := New(conf)
	if err != nil {
		t.Fatal(err)
	}
	analyzers, err := p.BuildAnalyzers()
	if err != nil {
		t.Fatal(err)
	}
	if err := analysis.Validate(analyzers); err != nil {
		t.Error(err)
	}
	var all []string
	for _, a := range analyzers {
		all = append(all, a.Name)
	}
	return all
}

func TestRegistered(t *testing.T) {
	build, err := register.GetPlugin(Name)
	if err != nil {
		t.Fatal(err)
	}
	p, err := build(nil)
	if err != nil {
		t.Fatal(err)
	}
	if mode := p.GetLoadMode(); mode != register.LoadModeTypesInfo {
		t.Errorf("load mode %q", mode)
	}
}

func TestChecks(t *testing.T) {
	var core, all []string
	for _, c := range passes.New(passes.Options{}) {
		all = append(all, c.Analyzer.Name)
		if c.Tier == passes.Core {
			core = append(core, c.Analyzer.Name)
		}
	}
	without := func(list []string, name string) []string {
		return slices.DeleteFunc(slices.Clone(list), func(s string) bool { return s == name })
	}
	for _, test := range []struct {
		checks []any
		want   []string
	}{
		{nil, core},
		{[]any{}, core},
		{[]any{"core"}, core},
		{[]any{"all"}, all},
		{[]any{"core", "extended"}, all},
		{[]any{"-endless"}, without(core, "endless")},
		{[]any{"all", "-unjoined"}, without(all, "unjoined")},
		{[]any{"unjoined", "endless"}, []string{"endless", "unjoined"}},
	} {
		if got := names(t, map[string]any{"checks": test.checks}); !slices.Equal(got, test.want) {
			t.Errorf("%q: got %q, want %q", test.checks, got, test.want)
		}
	}
	if got := names(t, nil); !slices.Equal(got, core) {
		t.Errorf("no settings: got %q", got)
	}
}

func TestLessCertain(t *testing.T) {
	for word, want := range map[string]string{"core": "false", "endless": "false", "extended": "true", "all": "true"} {
		p, err := New(map[string]any{"checks": []any{word}})
		if err != nil {
			t.Fatal(err)
		}
		analyzers, _ := p.BuildAnalyzers()
		if got := analyzers[0].Flags.Lookup("extended").Value.String(); got != want {
			t.Errorf("%s: extended is %s", word, got)
		}
		if analyzers[0].Flags.Lookup("review").Value.String() != "false" {
			t.Errorf("%s: golangci-lint would apply fixes that need a review", word)
		}
	}
}

const (
	goodRow = "func example.com/jobs.Run blocks sql never"
	badRow  = "func example.com/jobs.Run blocks nonsense -"
)

func TestRows(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.Mkdir("sub", 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile("good.kb", []byte("# ours\n"+goodRow+"\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	t.Chdir("sub")
	flag := analyzer.Analyzer.Flags.Lookup("rows")
	for _, test := range []struct {
		rows any
		want string
	}{
		{"good.kb", "# ours\n" + goodRow + "\n\n"},
		{[]any{goodRow}, goodRow + "\n"},
		{[]any{}, ""},
		{nil, ""},
	} {
		if _, err := New(map[string]any{"rows": test.rows}); err != nil {
			t.Errorf("%v: %v", test.rows, err)
		}
		if got := flag.Value.String(); got != test.want {
			t.Errorf("%v: the engine has %q, want %q", test.rows, got, test.want)
		}
	}
}

// TestConfig: the plugin heeds .killcheck.yaml of the module, unless the settings say
// otherwise, and its analyzers have other names for each text of it.
func TestConfig(t *testing.T) {
	t.Chdir(t.TempDir())
	write := func(name, text string) {
		t.Helper()
		if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	engine := analyzer.Analyzer.Name
	defer func() { analyzer.Analyzer.Name = engine }()
	write("go.mod", "module m\n")
	write(".killcheck.yaml", "checks: [endless, unjoined]\nrows:\n  - "+goodRow+"\n")
	write("other.yaml", "checks: abandoned\n")
	first := names(t, nil)
	if len(first) != 3 || first[0] != "endless" || first[1] != "unjoined" || !strings.HasPrefix(first[2], "killcheckconfig_") {
		t.Errorf("got %q", first)
	}
	if got := analyzer.Analyzer.Flags.Lookup("rows").Value.String(); got != goodRow+"\n" {
		t.Errorf("rows %q", got)
	}
	before := analyzer.Analyzer.Name
	if got := names(t, map[string]any{"checks": []any{"abandoned"}}); len(got) != 2 || got[0] != "abandoned" || got[1] != first[2] {
		t.Errorf("with checks: got %q", got)
	}
	if got := names(t, map[string]any{"config": "other.yaml"}); len(got) != 2 || got[0] != "abandoned" || got[1] == first[2] {
		t.Errorf("another file: got %q", got)
	}
	if got := names(t, map[string]any{"config": "off", "checks": []any{"endless"}}); !slices.Equal(got, []string{"endless"}) {
		t.Errorf("no file: got %q", got)
	}
	write(".killcheck.yaml", "checks: [endless, unjoined]\n")
	if got := names(t, nil); got[2] == first[2] || analyzer.Analyzer.Name == before {
		t.Errorf("a changed file keeps the names %q and %s", got, analyzer.Analyzer.Name)
	}
	write(".killcheck.yaml", "chekcs: core\n")
	if _, err := New(nil); err == nil || !strings.Contains(err.Error(), `.killcheck.yaml:1:1: unknown key "chekcs"; did you mean "checks"?`) {
		t.Errorf("error %v", err)
	}
}

func TestWrongSettings(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.WriteFile("bad.kb", []byte(goodRow+"\n"+badRow+"\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		conf map[string]any
		want string
	}{
		{map[string]any{"bogus": true}, `unknown field "bogus"`},
		{map[string]any{"checks": "core"}, `there are "checks", a list, "rows"`},
		{map[string]any{"checks": []any{"nosuch"}}, `unknown check "nosuch"`},
		{map[string]any{"checks": []any{"core", "-core"}}, "leaves no check"},
		{map[string]any{"rows": "none.kb"}, "none.kb: no such file"},
		{map[string]any{"rows": ""}, "names no file"},
		{map[string]any{"rows": 7}, "the name of a file or a list of rows"},
		{map[string]any{"rows": []any{7}}, "the name of a file or a list of rows"},
		{map[string]any{"rows": []any{goodRow, badRow}}, "rows:2: "},
		{map[string]any{"rows": []any{goodRow + "\n" + goodRow}}, "rows:1: an entry of the list is one row"},
		{map[string]any{"rows": "bad.kb"}, "bad.kb:2: "},
	} {
		_, err := New(test.conf)
		if err == nil || !strings.Contains(err.Error(), test.want) || !strings.Contains(err.Error(), "killcheck") {
			t.Errorf("%v: error %v", test.conf, err)
		}
	}
}

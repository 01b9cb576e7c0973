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
		{"good.kb", "# ours\n" + goodRow + "\n"},
		{[]any{goodRow}, goodRow},
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
		{map[string]any{"checks": "core"}, `there are "checks", a list, and "rows"`},
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

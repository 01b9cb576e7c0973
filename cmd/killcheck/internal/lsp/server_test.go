package lsp

import (
	"context"
	"path/filepath"
	"strings"
	"testing"

	"github.com/killcheck/killcheck/cmd/killcheck/internal/finding"
)

func TestServer(t *testing.T) {
	e := startServer(t, &fakeBackend{})
	dir := write(t, map[string]string{"a.go": sourceText})
	a := filepath.Join(dir, "a.go")
	if m, _ := e.answer(e.request("textDocument/hover", nil)); !strings.Contains(string(m.Error), "-32002") {
		t.Errorf("before initialize: %s", m.Error)
	}
	var hello struct {
		Capabilities struct {
			TextDocumentSync   struct{ Change int }
			CodeActionProvider struct{ CodeActionKinds []string }
			HoverProvider      bool
		}
		ServerInfo struct{ Name, Version string }
	}
	e.call("initialize", map[string]any{"processId": nil, "capabilities": map[string]any{}}, &hello)
	if hello.Capabilities.TextDocumentSync.Change != 2 || len(hello.Capabilities.CodeActionProvider.CodeActionKinds) != 1 ||
		!hello.Capabilities.HoverProvider || hello.ServerInfo.Name != "killcheck" {
		t.Errorf("initialize: %+v", hello)
	}
	e.notify("initialized", struct{}{})
	e.open(a, 1)
	_, from := e.published(a, ours, 0)

	actions := e.actions(a, oursRange)
	if len(actions) != 2 || actions[0].Title != "call stop" || !actions[0].Preferred {
		t.Fatalf("actions: %+v", actions)
	}
	// This editor does not take versioned edits.
	if edits := actions[0].Edit.Changes[uriOf(a)]; len(edits) != 1 || edits[0].NewText != "stop" {
		t.Errorf("edit: %+v", actions[0].Edit)
	}
	if text := e.hover(a, oursRange.Start); !strings.Contains(text, "what toy is about") {
		t.Errorf("hover: %s", text)
	}
	if text := e.hover(a, Position{}); text != "" {
		t.Errorf("hover elsewhere: %s", text)
	}
	e.change(a, 2, contentChange{&Range{Position{4, 26}, Position{4, 30}}, "stop"})
	e.published(a, "", from)
	if m, _ := e.answer(e.request("textDocument/rename", struct{}{})); !strings.Contains(string(m.Error), "-32601") {
		t.Errorf("unknown method: %s", m.Error)
	}
	e.leave()
}

func TestServerWithoutHover(t *testing.T) {
	e := startServer(t, &fakeBackend{})
	var hello struct{ Capabilities struct{ HoverProvider bool } }
	e.call("initialize", map[string]any{"initializationOptions": map[string]any{"hover": false}}, &hello)
	if hello.Capabilities.HoverProvider {
		t.Error("the option hover=false has no effect")
	}
	e.leave()
}

func TestServerEditorGone(t *testing.T) {
	e := startServer(t, &fakeBackend{hold: make(chan struct{})})
	dir := write(t, map[string]string{"a.go": sourceText})
	e.start(dir, false)
	e.open(filepath.Join(dir, "a.go"), 1)
	e.in.Close()
	e.ends(1)
	if !strings.Contains(e.log.String(), "the editor is gone") {
		t.Errorf("log: %s", e.log)
	}
}

// The tests from here on run the toy check through go vet.

func TestVet(t *testing.T) {
	dir := write(t, map[string]string{
		"go.mod":      "module example.com/m\n\ngo 1.25\n",
		"a.go":        "package m\n\nfunc leak() {}\n\nvar é = \"😀\"; func f() { leak() }\n",
		"a_test.go":   "package m\n\nfunc g() { leak() }\n",
		"x_test.go":   "package m_test\n\nfunc leak() {}\n\nfunc g() { leak() }\n",
		"sub/s.go":    "package sub\n\nimport _ \"example.com/m\"\n\nfunc leak() {}\n\nfunc f() { leak() }\n",
		"tag.go":      "//go:build special\n\npackage m\n\nfunc h() { leak() }\n",
		"broken/b.go": "package broken\n\nfunc f() { leak( }\n",
	})
	v := toyConfig(nil).Backend.(*Vet)
	findings := func(req Request) string {
		t.Helper()
		all, err := v.Analyze(context.Background(), req)
		if err != nil {
			t.Fatal(err)
		}
		var parts []string
		for _, f := range all {
			if f.Check != "toy" || len(f.Fixes) != 2 || !f.Fixes[0].Review || f.Fixes[1].Review || len(f.Path) != 1 || f.Path[0].File != f.File {
				t.Errorf("finding %+v", f)
			}
			rel, _ := filepath.Rel(dir, f.File)
			parts = append(parts, rel)
		}
		return strings.Join(parts, " ")
	}
	if got, want := findings(Request{Dir: dir}), "a.go a_test.go x_test.go"; got != want {
		t.Errorf("findings in %s, want %s", got, want)
	}
	if got, want := findings(Request{Dir: filepath.Join(dir, "sub")}), "sub/s.go"; got != want {
		t.Errorf("sub: findings in %s, want %s", got, want)
	}
	if got, want := findings(Request{Dir: dir, Flags: []string{"-tags=special"}}), "a.go a_test.go tag.go x_test.go"; got != want {
		t.Errorf("special: findings in %s, want %s", got, want)
	}
	if got, want := findings(Request{Dir: dir, Env: []string{"GOFLAGS=-tags=special"}}), "a.go a_test.go tag.go x_test.go"; got != want {
		t.Errorf("environment: findings in %s, want %s", got, want)
	}
	a := filepath.Join(dir, "a.go")
	overlay := Request{Dir: dir, Overlay: map[string]string{
		a: "package m\n\nfunc leak() {}\n",
		// A file that was never saved.
		filepath.Join(dir, "new.go"): "package m\n\nfunc h() { leak() }\n",
	}}
	for range 2 { // the second time from the build cache, which names the first overlay
		if got, want := findings(overlay), "a_test.go new.go x_test.go"; got != want {
			t.Errorf("overlay: findings in %s, want %s", got, want)
		}
	}
	if _, err := v.Analyze(context.Background(), Request{Dir: filepath.Join(dir, "broken")}); err == nil || !strings.Contains(err.Error(), "b.go:3:") {
		t.Errorf("broken: %v", err)
	}
	quick := Request{
		Dir:     dir,
		Hidden:  []string{filepath.Join(dir, "a_test.go"), filepath.Join(dir, "x_test.go")},
		Overlay: map[string]string{a: "package m\n\nfunc leak() {}\n\nfunc f() { leak() } // new\n"},
	}
	if got, want := findings(quick), "a.go"; got != want {
		t.Errorf("without tests: findings in %s, want %s", got, want)
	}
	all := v.Flags
	v.Flags = []string{"-toy"} // as if go vet had kept nothing
	if got, err := v.Analyze(context.Background(), Request{Dir: dir}); err != errNoCensus {
		t.Errorf("a package that was not analyzed: %v, %v", got, err)
	}
	v.Flags = all
	v.Setup = func(string) (Setup, error) {
		return Setup{Shown: func(*finding.Finding) bool { return false }}, nil
	}
	if got := findings(Request{Dir: dir}); got != "" {
		t.Errorf("nothing is wanted, but there is %s", got)
	}
	info, err := v.info(context.Background(), Request{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	if all, err := v.Analyze(context.Background(), Request{Dir: filepath.Join(info.root, "src", "errors")}); err != nil || all != nil {
		t.Errorf("the standard library: %v, %v", all, err)
	}
	v.versions[dir] = goInfo{version: "go1.999.0"}
	if _, err := v.Analyze(context.Background(), Request{Dir: dir}); err == nil || !strings.Contains(err.Error(), "build it again") {
		t.Errorf("a newer Go: %v", err)
	}
}

// TestServerThroughVet has the whole way: an unsaved edit in a file with
// characters of several sizes, the fix, and the file that results.
func TestServerThroughVet(t *testing.T) {
	dir := write(t, map[string]string{
		"go.mod": "module example.com/m\n\ngo 1.25\n",
		"a.go":   "package m\n\nfunc leak() {}\nfunc stop() {}\n\nvar é = \"😀\"; func f() { leak() }\n",
	})
	a := filepath.Join(dir, "a.go")
	e := startServer(t, nil)
	e.start(dir, false)
	e.open(a, 1)
	_, from := e.published(a, "5:25-5:31 killcheck: leak with 0 arguments", 0)
	e.change(a, 2, contentChange{&Range{Position{5, 10}, Position{5, 10}}, "😀é"})
	_, from = e.published(a, "5:28-5:34 killcheck: leak with 0 arguments", from)
	var actions []codeAction
	wait(t, "the fix", func() bool { actions = e.actions(a, Range{Position{5, 29}, Position{5, 29}}); return len(actions) == 2 })
	edit := actions[0].Edit.DocumentChanges[0].Edits[0]
	if actions[0].Title != "call stop" || edit != (textEdit{Range: Range{Position{5, 28}, Position{5, 32}}, NewText: "stop"}) {
		t.Fatalf("action %+v", actions[0])
	}
	e.change(a, 3, contentChange{&edit.Range, edit.NewText})
	e.published(a, "", from)
	e.leave()
}

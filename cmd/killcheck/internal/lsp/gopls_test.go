package lsp

import (
	"os"
	"path/filepath"
	"runtime"
	"sort"
	"strings"
	"testing"
	"time"
)

// realModule has a mistake that gopls reports and one that the toy check does.
var realModule = map[string]string{
	"go.mod": "module example.com/m\n\ngo 1.25\n",
	"a.go": `package m

import "fmt"

func leak() {}
func stop() {}

// F is documented.
func F() { fmt.Printf("%d\n", "x"); leak() }

// G uses both, or gopls would say that nothing does.
func G() { stop(); _ = leak }
`,
}

const (
	printfLine = "8:23-8:25 printf: fmt.Printf format %d has arg \"x\" of wrong type string"
	leakLine   = "8:36-8:42 killcheck: leak with 0 arguments"
)

func TestRealGopls(t *testing.T) {
	e := runProxy(t, nil, needGopls(t))
	dir := write(t, realModule)
	a := filepath.Join(dir, "a.go")
	e.start(dir, false)
	e.open(a, 1)
	s, from := e.published(a, printfLine+"; "+leakLine, 0)
	if s.Version == nil || *s.Version != 1 {
		t.Errorf("version %v, want 1", s.Version)
	}
	if text := e.hover(a, Position{8, 37}); !strings.Contains(text, "what toy is about") || !strings.Contains(text, "func leak()") {
		t.Errorf("hover: %s", text)
	}
	actions := e.actions(a, Range{Position{8, 37}, Position{8, 37}})
	if len(actions) < 3 || actions[0].Title != "call stop" || !actions[0].Preferred || actions[1].Title != "do nothing (review)" {
		t.Fatalf("actions: %+v", actions)
	}
	e.change(a, 2, contentChange{&Range{Position{6, 0}, Position{6, 0}}, "\n\n"})
	move := func(s string) string { return strings.ReplaceAll(s, "8:", "10:") }
	e.published(a, move(printfLine)+"; "+move(leakLine), from)
	wait(t, "fixes for the unsaved text", func() bool {
		actions = e.actions(a, Range{Position{10, 37}, Position{10, 37}}, quickFix)
		return len(actions) == 2
	})
	edit := actions[0].Edit.DocumentChanges[0]
	if *edit.TextDocument.Version != 2 {
		t.Errorf("the fix is for version %d", *edit.TextDocument.Version)
	}
	from = e.mark()
	e.change(a, 3, contentChange{&edit.Edits[0].Range, edit.Edits[0].NewText})
	e.published(a, move(printfLine), from)
	e.leave()
}

func TestRealGoplsPull(t *testing.T) {
	e := runProxy(t, nil, needGopls(t))
	dir := write(t, realModule)
	a := filepath.Join(dir, "a.go")
	e.call("initialize", map[string]any{
		"processId": os.Getpid(), "rootUri": uriOf(dir),
		"initializationOptions": map[string]any{"pullDiagnostics": true},
		"capabilities": map[string]any{
			"workspace":    map[string]any{"diagnostics": map[string]any{"refreshSupport": true}},
			"textDocument": map[string]any{"diagnostic": map[string]any{"dynamicRegistration": false}},
		},
	}, nil)
	e.notify("initialized", struct{}{})
	e.open(a, 1)
	wait(t, "both in one answer", func() bool {
		var report struct{ Items []diagnostic }
		e.call("textDocument/diagnostic", map[string]any{"textDocument": map[string]any{"uri": uriOf(a)}}, &report)
		var sources []string
		for _, item := range report.Items {
			sources = append(sources, item.Source)
		}
		sort.Strings(sources)
		time.Sleep(50 * time.Millisecond)
		return strings.Join(sources, " ") == "killcheck printf"
	})
	e.leave()
}

// TestRealGoplsKilled kills the real gopls; the next one must know the edit that
// the first was told of.
func TestRealGoplsKilled(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("looks at /proc")
	}
	e, cmd := startProcess(t, "proxy", needGopls(t))
	dir := write(t, realModule)
	a := filepath.Join(dir, "a.go")
	e.start(dir, false)
	e.open(a, 1)
	_, from := e.published(a, printfLine+"; "+leakLine, 0)
	e.change(a, 2, contentChange{&Range{Position{6, 0}, Position{6, 0}}, "\n\n"})
	move := func(s string) string { return strings.ReplaceAll(s, "8:", "10:") }
	e.published(a, move(printfLine)+"; "+move(leakLine), from)
	from = e.mark()
	for _, pid := range descendants(t, cmd.Process.Pid) {
		if p, err := os.FindProcess(pid); err == nil {
			_ = p.Kill() // a go command may just have ended
		}
	}
	_, from = e.published(a, move(leakLine), from)
	e.published(a, move(printfLine)+"; "+move(leakLine), from)
	if text := e.hover(a, Position{10, 37}); !strings.Contains(text, "func leak()") {
		t.Errorf("hover of the new gopls: %s", text)
	}
	if log := e.log.String(); !strings.Contains(log, "signal: killed") {
		t.Errorf("log:\n%s", log)
	}
	e.leave()
}

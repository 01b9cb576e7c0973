package lsp

import (
	"encoding/json"
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// sourceText has a finding of gopls in line 2 and one of ours in line 4, behind
// characters of two and of one UTF-16 unit.
const sourceText = `package p

var _ = "theirs"

var _ = "é😀"; func f() { leak() }
`

const (
	theirs = "2:9-2:15 fake: of gopls"
	ours   = "4:26-4:32 killcheck: leak"
)

var oursRange = Range{Position{4, 26}, Position{4, 32}}

func TestProxyPassesBytes(t *testing.T) {
	e := startProxy(t, &fakeBackend{})
	e.start(t.TempDir(), false)
	first := string(e.frame(0).raw)
	if want := "Content-Length: 74\r\n\r\n{\"id\":1, \"jsonrpc\":\"2.0\",\"result\":{\"capabilities\":{\"hoverProvider\":true}}}"; first != want {
		t.Errorf("initialize was answered with\n%q, want the bytes of gopls:\n%q", first, want)
	}
	var echo json.RawMessage
	e.call("test/echo", json.RawMessage(`{"odd":[1,2.50,"é😀"]}`), &echo)
	if string(echo) != `{"odd":[1,2.50,"é😀"]}` {
		t.Errorf("echo: %s", echo)
	}
	e.leave()
}

func TestProxyMergesPush(t *testing.T) {
	e := startProxy(t, &fakeBackend{})
	dir := write(t, map[string]string{"a.go": sourceText, "b.go": "package p\n\nfunc g() { leak() }\n"})
	a := filepath.Join(dir, "a.go")
	e.start(dir, false)
	e.open(a, 5)
	s, _ := e.published(a, theirs+"; "+ours, 0)
	if s.Version == nil || *s.Version != 5 || !s.Extra {
		t.Errorf("published version %v, extra %t; want 5 and what else gopls said", s.Version, s.Extra)
	}
	if string(s.Diagnostics[0].Data) != `{"kept":1}` {
		t.Errorf("data of gopls: %s", s.Diagnostics[0].Data)
	}
	d := s.Diagnostics[1]
	if d.Code != "toy" || d.Severity != severityWarning || d.CodeDescription == nil || d.CodeDescription.Href != "https://example.com/toy" {
		t.Errorf("diagnostic: %+v", d)
	}
	if len(d.Related) != 1 || d.Related[0].Message != "started here" || d.Related[0].Location.URI != uriOf(a) {
		t.Errorf("related: %+v", d.Related)
	}
	// A file of the package that is not open is reported, too.
	e.published(filepath.Join(dir, "b.go"), "2:11-2:17 killcheck: leak", 0)
	e.leave()
}

func TestProxyActions(t *testing.T) {
	e := startProxy(t, &fakeBackend{})
	dir := write(t, map[string]string{"a.go": sourceText})
	a := filepath.Join(dir, "a.go")
	e.start(dir, false)
	e.open(a, 1)
	e.published(a, theirs+"; "+ours, 0)

	actions := e.actions(a, Range{oursRange.Start, oursRange.Start})
	var titles []string
	for _, a := range actions {
		titles = append(titles, a.Title)
	}
	if got, want := strings.Join(titles, ", "), "call stop, look at it (review), theirs"; got != want {
		t.Fatalf("actions %s, want %s", got, want)
	}
	if !actions[0].Preferred || actions[1].Preferred {
		t.Error("the safe fix is preferred, and no other")
	}
	edit := actions[0].Edit.DocumentChanges[0]
	if edit.TextDocument.URI != uriOf(a) || edit.TextDocument.Version == nil || *edit.TextDocument.Version != 1 ||
		edit.Edits[0] != (textEdit{Range: Range{Position{4, 26}, Position{4, 30}}, NewText: "stop"}) {
		t.Errorf("edit: %+v", edit)
	}
	if got := e.actions(a, oursRange, "refactor"); len(got) != 1 || got[0].Title != "theirs" {
		t.Errorf("only refactor: %+v", got)
	}
	if got := e.actions(a, oursRange, "quickfix"); len(got) != 3 {
		t.Errorf("only quickfix: %+v", got)
	}
	if got := e.actions(a, Range{}); len(got) != 1 {
		t.Errorf("elsewhere: %+v", got)
	}
	e.notify("test/refuse", nil)
	if got := e.actions(a, oursRange); len(got) != 2 {
		t.Errorf("gopls fails: %+v", got)
	}
	e.leave()
}

func TestProxyHover(t *testing.T) {
	e := startProxy(t, &fakeBackend{})
	dir := write(t, map[string]string{"a.go": sourceText})
	a := filepath.Join(dir, "a.go")
	e.start(dir, false)
	e.open(a, 1)
	e.published(a, theirs+"; "+ours, 0)
	text := e.hover(a, oursRange.Start)
	for _, want := range []string{"**killcheck toy**: leak", "1. started here (a.go:1)", "safe fix: call stop",
		"fix to review: look at it\n", "what toy is about", "https://example.com/toy", "---\n\ntheirs"} {
		if !strings.Contains(text, want) {
			t.Errorf("hover lacks %q:\n%s", want, text)
		}
	}
	if text := e.hover(a, Position{}); text != "theirs" {
		t.Errorf("hover elsewhere: %q", text)
	}
	e.notify("test/refuse", nil)
	if text := e.hover(a, oursRange.Start); !strings.Contains(text, "**killcheck toy**") {
		t.Errorf("hover when gopls fails: %q", text)
	}
	e.leave()
}

func TestProxyPull(t *testing.T) {
	for _, refresh := range []bool{true, false} {
		e := startProxy(t, &fakeBackend{})
		dir := write(t, map[string]string{"a.go": sourceText})
		a := filepath.Join(dir, "a.go")
		e.start(dir, refresh)
		e.open(a, 1)
		e.published(a, theirs+"; "+ours, 0)
		pull := func() (messages []string) {
			var report struct {
				Kind     string
				ResultID *string
				Items    []diagnostic
			}
			e.call("textDocument/diagnostic", map[string]any{"textDocument": map[string]any{"uri": uriOf(a)}}, &report)
			if refresh && (report.Kind != "full" || report.ResultID != nil) {
				t.Errorf("kind %q, result id %v", report.Kind, report.ResultID)
			}
			for _, item := range report.Items {
				messages = append(messages, item.Message)
			}
			return messages
		}
		want := "pulled"
		if refresh {
			want = "pulled leak"
		}
		if got := strings.Join(pull(), " "); got != want {
			t.Errorf("refresh %t: pulled %q, want %q", refresh, got, want)
		}
		from := e.mark()
		e.save(a)
		if refresh {
			// Nothing is published twice: it now comes with the pulled ones.
			e.published(a, theirs, from)
			e.await("refresh", from, func(m message) bool { return m.Method == "workspace/diagnostic/refresh" })
		} else {
			e.published(a, theirs+"; "+ours, from)
		}
		e.leave()
	}
}

func TestProxyMovesFindings(t *testing.T) {
	b := &fakeBackend{}
	e := startProxy(t, b)
	dir := write(t, map[string]string{"a.go": sourceText})
	a := filepath.Join(dir, "a.go")
	e.start(dir, false)
	e.open(a, 1)
	_, from := e.published(a, theirs+"; "+ours, 0)

	b.mu.Lock()
	b.hold = make(chan struct{}) // no analysis ends from here on
	b.mu.Unlock()
	e.change(a, 2, contentChange{&Range{Position{1, 0}, Position{1, 0}}, "// é\n// two\n"})
	s, _ := e.published(a, "4:9-4:15 fake: of gopls; 6:26-6:32 killcheck: leak", from)
	if s.Version == nil || *s.Version != 2 {
		t.Errorf("version %v, want 2", s.Version)
	}
	if got := e.actions(a, Range{Position{6, 26}, Position{6, 26}}); len(got) != 1 {
		t.Errorf("a fix is offered for text that has changed: %+v", got)
	}
	// An edit in the finding makes it go.
	from = e.mark()
	e.change(a, 3, contentChange{&Range{Position{6, 28}, Position{6, 28}}, "x"})
	e.published(a, "4:9-4:15 fake: of gopls", from)

	// Let the analysis of the unsaved text end: the overlay is what counts.
	close(b.hold)
	from = e.mark()
	e.change(a, 4, contentChange{&Range{Position{6, 28}, Position{6, 29}}, ""})
	e.published(a, "4:9-4:15 fake: of gopls; 6:26-6:32 killcheck: leak", from)
	if got := e.actions(a, Range{Position{6, 26}, Position{6, 26}}); len(got) != 3 {
		t.Errorf("fixes after the analysis: %+v", got)
	}
	b.mu.Lock()
	text := b.last.Overlay[a]
	b.mu.Unlock()
	if !strings.Contains(text, "// two\n") {
		t.Errorf("the overlay holds %q", text)
	}
	e.leave()
}

func TestSupersededRunIsCancelled(t *testing.T) {
	b := &fakeBackend{hold: make(chan struct{})}
	e := startProxy(t, b)
	dir := write(t, map[string]string{"a.go": sourceText})
	a := filepath.Join(dir, "a.go")
	e.start(dir, false)
	e.open(a, 1)
	wait(t, "the first run", func() bool { runs, _ := b.count(); return runs == 1 })
	e.change(a, 2, contentChange{&Range{Position{0, 0}, Position{0, 0}}, "\n"})
	wait(t, "its cancellation", func() bool { _, canceled := b.count(); return canceled == 1 })
	wait(t, "the second run", func() bool { runs, _ := b.count(); return runs == 2 })
	close(b.hold)
	e.published(a, "3:9-3:15 fake: of gopls; 5:26-5:32 killcheck: leak", 0)
	e.leave()
}

func TestFailedRunKeepsFindings(t *testing.T) {
	b := &fakeBackend{}
	e := startProxy(t, b)
	dir := write(t, map[string]string{"a.go": sourceText})
	a := filepath.Join(dir, "a.go")
	e.start(dir, false)
	e.open(a, 1)
	_, from := e.published(a, theirs+"; "+ours, 0)
	b.mu.Lock()
	b.err = errors.New("does not compile")
	b.mu.Unlock()
	e.change(a, 2, contentChange{&Range{Position{3, 0}, Position{3, 0}}, "}"})
	wait(t, "the failed run", func() bool { return strings.Contains(e.log.String(), "does not compile") })
	e.published(a, theirs+"; "+ours, from)
	b.mu.Lock()
	b.err = &Notice{"build me again"}
	b.mu.Unlock()
	for range 2 {
		runs, _ := b.count()
		e.save(a)
		wait(t, "another run", func() bool { now, _ := b.count(); return now > runs })
	}
	e.await("notice", from, func(m message) bool {
		return m.Method == "window/showMessage" && strings.Contains(string(m.Params), "build me again")
	})
	e.leave()
	notices := 0
	for _, m := range e.messages() {
		if m.Method == "window/showMessage" {
			notices++
		}
	}
	if notices != 1 {
		t.Errorf("the notice was shown %d times, want once", notices)
	}
}

// TestBigTests sees that what is not a test is reported before big tests are
// analyzed, and that an edit does not wait for them.
func TestBigTests(t *testing.T) {
	b := &fakeBackend{}
	e := startProxy(t, b)
	dir := write(t, map[string]string{
		"a.go":      sourceText,
		"b_test.go": "package p\n\nfunc g() { leak() }\n" + strings.Repeat("// filler\n", bigTests/10),
	})
	a, test := filepath.Join(dir, "a.go"), filepath.Join(dir, "b_test.go")
	runs := func() string {
		b.mu.Lock()
		defer b.mu.Unlock()
		runs := strings.Join(b.kinds, " ")
		b.kinds = nil
		return runs
	}
	const inTest = "2:11-2:17 killcheck: leak"
	e.start(dir, false)
	e.open(a, 1)
	_, from := e.published(test, inTest, 0)
	if got := runs(); got != "quick full" {
		t.Errorf("after opening: %s", got)
	}
	e.change(a, 2, contentChange{&Range{Position{4, 26}, Position{4, 30}}, "stop"})
	wait(t, "the quick run", func() bool { return strings.Count(e.log.String(), "without its tests analyzed") == 2 })
	e.change(a, 3, contentChange{&Range{Position{4, 26}, Position{4, 30}}, "leak"})
	_, from = e.published(a, theirs+"; "+ours, from)
	// The second edit gives back a text that has been analyzed, so that it may need no run.
	if got := runs(); got == "" || strings.Contains(got, "full") {
		t.Errorf("after two edits: %q", got)
	}
	e.save(a)
	wait(t, "the full run", func() bool {
		return len(e.actions(test, Range{Position{2, 11}, Position{2, 11}})) == 3 && b.kind(1) == "full"
	})
	e.published(test, inTest, 0)
	if got := runs(); got != "quick full" {
		t.Errorf("after saving: %s", got)
	}
	e.leave()
}

// TestDiskChanges sees which events of the file watcher lead to a run.
func TestDiskChanges(t *testing.T) {
	dir := write(t, map[string]string{"a.go": sourceText, "b.go": "package p\n", "sub/c.go": "package sub\n"})
	synctest.Test(t, func(t *testing.T) {
		b := &fakeBackend{}
		c := newCore(Config{Backend: b})
		defer c.shutdown()
		runs := func() int {
			time.Sleep(time.Minute) // in the time of the test, which no load of the machine stretches
			n, _ := b.count()
			return n
		}
		c.open(textDocument{uriOf(filepath.Join(dir, "a.go")), 1, "go", sourceText})
		before := runs()
		for _, test := range []struct {
			name string
			runs int
		}{
			{"a.go", 0}, // open: the editor tells itself
			{"sub/c.go", 0},
			{"b.go", 1},
			{"go.mod", 1},
		} {
			c.diskChanged([]string{uriOf(filepath.Join(dir, test.name))})
			after := runs()
			if after-before != test.runs {
				t.Errorf("%s changed: %d runs, want %d", test.name, after-before, test.runs)
			}
			before = after
		}
	})
}

// TestWatchedFiles sees that the proxy hears of changed files.
func TestWatchedFiles(t *testing.T) {
	b := &fakeBackend{}
	e := startProxy(t, b)
	dir := write(t, map[string]string{"a.go": sourceText, "b.go": "package p\n"})
	a := filepath.Join(dir, "a.go")
	e.start(dir, false)
	e.open(a, 1)
	e.published(a, theirs+"; "+ours, 0)
	e.notify("workspace/didChangeWatchedFiles", map[string]any{
		"changes": []any{map[string]any{"uri": uriOf(filepath.Join(dir, "b.go")), "type": 2}},
	})
	wait(t, "another run", func() bool { runs, _ := b.count(); return runs == 2 })
	e.leave()
}

// TestSettings sees that the build flags that gopls asks for reach the back end.
func TestSettings(t *testing.T) {
	b := &fakeBackend{}
	e := startProxy(t, b)
	dir := write(t, map[string]string{"a.go": sourceText})
	e.start(dir, false)
	e.open(filepath.Join(dir, "a.go"), 1)
	e.answerSettings([]any{nil, map[string]any{"build.buildFlags": []string{"-tags=x"}, "env": map[string]any{"A": "b"}}})
	e.notify("test/configure", nil)
	wait(t, "a run with the flags", func() bool {
		b.mu.Lock()
		defer b.mu.Unlock()
		return strings.Join(b.last.Flags, " ") == "-tags=x" && strings.Join(b.last.Env, " ") == "A=b"
	})
	e.leave()
}

func TestCloseWithdraws(t *testing.T) {
	e := startProxy(t, &fakeBackend{})
	dir := write(t, map[string]string{"a.go": sourceText})
	a := filepath.Join(dir, "a.go")
	e.start(dir, false)
	e.open(a, 1)
	_, from := e.published(a, theirs+"; "+ours, 0)
	e.notify("textDocument/didClose", map[string]any{"textDocument": map[string]any{"uri": uriOf(a)}})
	e.published(a, theirs, from)
	e.leave()
}

func wait(t *testing.T, what string, done func() bool) {
	t.Helper()
	for end := time.Now().Add(patience); !done(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("no end of waiting for %s", what)
		}
	}
}

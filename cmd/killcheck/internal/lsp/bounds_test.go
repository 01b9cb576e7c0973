//go:build unix

package lsp

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/killcheck/killcheck/cmd/killcheck/internal/finding"
)

func TestQueueBounds(t *testing.T) {
	big := frame{raw: make([]byte, 60)}
	q := newQueue(3, 100)
	for i, want := range []bool{true, false} {
		if got := q.put(big); got != want {
			t.Errorf("message %d of 60 bytes, of 100: taken is %v", i, got)
		}
	}
	if !q.put(frame{}) || !q.put(frame{}) || q.put(frame{}) {
		t.Error("not three messages are taken")
	}
	q.take()
	if !q.put(big) {
		t.Error("a message that was taken out takes room")
	}
	if q := newQueue(3, 10); !q.put(big) || q.put(frame{raw: []byte("x")}) {
		t.Error("a message larger than the bound does not wait alone")
	}
}

// TestOverrun floods a proxy whose gopls hangs: it gives up and says so, and the
// messages have not filled the memory.
func TestOverrun(t *testing.T) {
	if testing.Short() {
		t.Skip("writes hundreds of megabytes")
	}
	e, cmd := startProcess(t, "proxy", os.Args[0])
	e.start(t.TempDir(), false)
	e.notify("test/hang", nil)
	// More than three times what may wait.
	flood := notification("x", strings.Repeat("y", 4<<20))
	for sent := 0; sent < 3*maxWaitingBytes; sent += len(flood.raw) {
		if e.out.write(flood) != nil {
			break // the proxy has left
		}
	}
	select {
	case code := <-e.code:
		if code != 1 {
			t.Errorf("exit code %d", code)
		}
	case <-time.After(patience):
		t.Fatal("the proxy does not end")
	}
	if log := e.log.String(); !strings.Contains(log, "gopls does not take what the editor sends") {
		t.Errorf("log:\n%s", log)
	}
	if usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok && runtime.GOOS == "linux" {
		if used := usage.Maxrss << 10; used > 8*maxWaitingBytes {
			t.Errorf("the proxy took %d MiB", used>>20)
		}
	}
}

// TestCallBound: requests that gopls does not answer are refused in the end.
func TestCallBound(t *testing.T) {
	s := &session{calls: make(map[string]call)}
	for i := range maxCalls {
		if !s.note(call{id: encode(i)}) {
			t.Fatalf("request %d is refused", i)
		}
	}
	if s.note(call{id: encode("more")}) {
		t.Error("there is no bound")
	}
	if !s.note(call{id: encode("end"), method: "shutdown"}) {
		t.Error("the request for the end is refused")
	}
}

// TestDocumentBounds: a document that is too large, and one too many, are not kept;
// the user hears of it.
func TestDocumentBounds(t *testing.T) {
	var told []string
	c := newCore(Config{})
	defer c.shutdown()
	c.notice = func(text string) { told = append(told, text) }
	name := func(i int) string { return "file:///x/" + strings.Repeat("d", i+1) + ".txt" }
	half := strings.Repeat("x", finding.MaxSource/2)
	c.open(textDocument{URI: name(0), Text: half})
	for range 2 {
		c.change(textDocument{URI: name(0)}, []contentChange{{Range: &Range{}, Text: half}})
	}
	if len(c.docs) != 0 || len(told) != 1 || !strings.Contains(told[0], "d.txt") || !strings.Contains(told[0], "32 MiB") {
		t.Errorf("%d documents, said %q", len(c.docs), told)
	}
	for i := range 2 * maxDocuments / len(half) {
		c.open(textDocument{URI: name(i), Text: half}) // one text for all
	}
	if n := len(c.docs); n != maxDocuments/len(half)-1 {
		t.Errorf("%d documents are kept", n)
	}
	if !strings.Contains(told[len(told)-1], "256 MiB") {
		t.Errorf("said %q", told)
	}
}

// TestForeignFiles: findings that name files outside of the package are shown, but
// the files are not opened.
func TestForeignFiles(t *testing.T) {
	dir := write(t, map[string]string{"go.mod": "module m\n", "a.go": "package m\n", "other/b.go": "package other\n"})
	foreign := []string{"/dev/zero", "/etc/passwd", filepath.Join(dir, "other/b.go"), filepath.Join(dir, "go.mod")}
	if err := os.Symlink("/dev/zero", filepath.Join(dir, "link.go")); err == nil {
		foreign = append(foreign, filepath.Join(dir, "link.go"))
	}
	c := newCore(Config{})
	defer c.shutdown()
	a := filepath.Join(dir, "a.go")
	here := finding.Span{File: a, Start: finding.Point{Line: 1, Col: 9}, End: finding.Point{Line: 1, Col: 10}}
	for _, name := range foreign {
		there := finding.Span{File: name, Start: finding.Point{Line: 3, Col: 5}}
		placed := c.place(dir, []finding.Finding{{
			Check: "toy", Message: "leak\x1b[2J", Span: here, Path: []finding.Step{{Span: there, Message: "\u202estarts"}},
			Fixes: []finding.Fix{
				{Message: "there", Edits: []finding.Edit{{File: name, Start: 1, End: 2, New: "x"}}},
				{Message: "here", Edits: []finding.Edit{{File: a, Start: 1, End: 2, New: "x"}}},
			},
		}}, nil)
		p := placed[a][0]
		if got := p.related[0].at.Start; got != (Position{2, 0}) {
			t.Errorf("%s: the step is at %v", name, got)
		}
		if p.at != (Range{Position{0, 8}, Position{0, 9}}) {
			t.Errorf("%s: the finding is at %v", name, p.at)
		}
		if len(p.fixes) != 1 || p.fixes[0].title != "here" {
			t.Errorf("%s: fixes %+v", name, p.fixes)
		}
		if p.Message != `leak\u001b[2J` || p.related[0].message != `\u202estarts` {
			t.Errorf("%s: says %q, %q", name, p.Message, p.related[0].message)
		}
	}
}

package lsp

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"
)

func TestGoplsDiesAndIsRestarted(t *testing.T) {
	e := startProxy(t, &fakeBackend{})
	dir := write(t, map[string]string{"a.go": sourceText})
	a := filepath.Join(dir, "a.go")
	e.start(dir, false)
	e.notify("workspace/didChangeConfiguration", map[string]any{"settings": nil})
	e.open(a, 1)
	_, from := e.published(a, theirs+"; "+ours, 0)
	e.change(a, 2, contentChange{&Range{Position{0, 9}, Position{0, 9}}, " // edited"})

	waiting := e.request("test/never", nil)
	action := e.request("textDocument/hover", map[string]any{"textDocument": map[string]any{"uri": uriOf(a)}, "position": oursRange.Start})
	e.answer(action)
	e.notify("test/die", nil)
	m, _ := e.await("answer", 0, func(m message) bool { return m.isResponse() && string(m.ID) == string(waiting) })
	if !strings.Contains(string(m.Error), "gopls has ended") {
		t.Errorf("the open request was answered with %s %s", m.Result, m.Error)
	}
	e.await("end of progress", from, func(m message) bool {
		return m.Method == "$/progress" && strings.Contains(string(m.Params), `"end"`)
	})
	e.await("unregistration", from, func(m message) bool {
		return m.Method == "client/unregisterCapability" && strings.Contains(string(m.Params), `"watch"`)
	})
	// What gopls said is withdrawn, what we found stays, and then both are back.
	_, from = e.published(a, ours, from)
	e.published(a, theirs+"; "+ours, from)

	docs := make(map[string]textDocument)
	wait(t, "the new gopls", func() bool {
		m, _ := e.answer(e.request("test/state", nil))
		return json.Unmarshal(m.Result, &docs) == nil && len(docs) == 1
	})
	if doc := docs["a.go"]; doc.Version != 2 || !strings.HasPrefix(doc.Text, "package p // edited\n") {
		t.Errorf("the new gopls was told of %+v", doc)
	}
	if log := e.log.String(); !strings.Contains(log, "exit status 3") || !strings.Contains(log, "started again") {
		t.Errorf("the log does not say what happened:\n%s", log)
	}
	e.leave()
}

func TestGoplsKeepsDying(t *testing.T) {
	t.Chdir(t.TempDir())
	e := startProxy(t, &fakeBackend{})
	e.start(t.TempDir(), false)
	if err := os.WriteFile("die", nil, 0o666); err != nil {
		t.Fatal(err)
	}
	e.notify("test/die", nil)
	e.ends(1)
	if log := e.log.String(); !strings.Contains(log, "gopls ended 6 times in 3m0s; leaving") {
		t.Errorf("log:\n%s", log)
	}
}

func TestGoplsDiesAtOnce(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.WriteFile("die", nil, 0o666); err != nil {
		t.Fatal(err)
	}
	e := startProxy(t, &fakeBackend{})
	e.ends(4)
	if log := e.log.String(); !strings.Contains(log, "before it served: exit status 4") {
		t.Errorf("log:\n%s", log)
	}
}

func TestGoplsSendsGarbage(t *testing.T) {
	e := startProxy(t, &fakeBackend{})
	e.start(t.TempDir(), false)
	e.notify("test/garbage", nil)
	wait(t, "the restart", func() bool { return strings.Contains(e.log.String(), "started again") })
	if log := e.log.String(); !strings.Contains(log, "reading from gopls: malformed frame") {
		t.Errorf("log:\n%s", log)
	}
	e.leave()
}

func TestNoGopls(t *testing.T) {
	logged := &safeBuffer{}
	cfg := toyConfig(logged)
	p := &Proxy{Config: cfg, Gopls: filepath.Join(t.TempDir(), "gopls"), In: strings.NewReader(""), Out: io.Discard}
	if code := p.Run(t.Context()); code != 2 {
		t.Errorf("code %d, want 2", code)
	}
	if !strings.Contains(logged.String(), "starting") {
		t.Errorf("log: %s", logged)
	}
}

// TestMalformed feeds both servers with what is no frame or no JSON.
func TestMalformed(t *testing.T) {
	starts := map[string]func(*testing.T) *editor{
		"proxy":  func(t *testing.T) *editor { return startProxy(t, &fakeBackend{}) },
		"server": func(t *testing.T) *editor { return startServer(t, &fakeBackend{}) },
	}
	for name, start := range starts {
		for _, bad := range []string{
			"GET / HTTP/1.1\r\n\r\n",
			"Content-Length: 12x\r\n\r\n{}",
			"Content-Length: -1\r\n\r\n{}",
			"Content-Length: 99999999999999999999\r\n\r\n{}",
			"Content-Type: utf-8\r\n\r\n{}",
			"X: " + strings.Repeat("y", 2*maxHeader) + "\r\n\r\n",
			"Content-Length: " + strconv.Itoa(maxBody+1) + "\r\n\r\n{}",
		} {
			t.Run(name, func(t *testing.T) {
				e := start(t)
				e.start(t.TempDir(), false)
				_, _ = io.WriteString(e.in, bad) // the server may end before it has read all
				e.ends(1)
				if !strings.Contains(e.log.String(), "malformed frame") {
					t.Errorf("log after %.40q:\n%s", bad, e.log)
				}
			})
		}
		t.Run(name+"/no JSON", func(t *testing.T) {
			e := start(t)
			e.start(t.TempDir(), false)
			if err := e.out.write(newFrame([]byte("{nonsense"))); err != nil {
				t.Fatal(err)
			}
			e.await("error", 0, func(m message) bool { return strings.Contains(string(m.Error), strconv.Itoa(codeParse)) })
			e.leave()
		})
		t.Run(name+"/wrong types", func(t *testing.T) {
			e := start(t)
			e.start(t.TempDir(), false)
			for _, method := range []string{"textDocument/didOpen", "textDocument/didChange", "textDocument/didSave",
				"textDocument/didClose", "workspace/didChangeWatchedFiles"} {
				e.notify(method, []int{1})
				e.notify(method, nil)
				e.notify(method, map[string]any{"textDocument": map[string]any{"uri": "untitled:x%zz"}})
			}
			far := 1 << 30
			e.notify("textDocument/didOpen", map[string]any{"textDocument": textDocument{"file:///x/a.go", 1, "go", "package x"}})
			e.change("/x/a.go", 2, contentChange{&Range{Position{far, far}, Position{0, 0}}, "y"})
			e.change("/x/a.go", 3, contentChange{&Range{Position{-5, -5}, Position{far, far}}, "z"})
			e.leave()
		})
	}
}

// TestEditorVanishes ends the editor's side in every state of gopls and of an
// analysis; in each the proxy and all of its processes end.
func TestEditorVanishes(t *testing.T) {
	if testing.Short() {
		t.Skip("waits for processes to be gone")
	}
	if runtime.GOOS != "linux" {
		t.Skip("looks at /proc")
	}
	dir := write(t, map[string]string{"go.mod": "module example.com/m\n\ngo 1.25\n", "a.go": "package m\n\nfunc leak() {}\n\nfunc f() { leak() }\n"})
	t.Setenv("GOFLAGS", "") // nothing that a test of ours needs
	for _, state := range []string{"idle", "analyzing", "gopls hangs", "killed"} {
		t.Run(state, func(t *testing.T) {
			e, cmd := startProcess(t, "proxy", os.Args[0])
			e.start(dir, false)
			children := descendants(t, cmd.Process.Pid)
			if len(children) != 1 {
				t.Fatalf("children %v, want gopls", children)
			}
			switch state {
			case "analyzing":
				e.open(filepath.Join(dir, "a.go"), 1)
				wait(t, "go vet", func() bool { children = descendants(t, cmd.Process.Pid); return len(children) > 1 })
			case "gopls hangs":
				e.notify("test/hang", nil)
				for range 20 { // more than a pipe holds
					e.notify("x", strings.Repeat("y", 10_000))
				}
			}
			if state == "killed" {
				cmd.Process.Kill()
			} else {
				e.in.Close()
			}
			select {
			case <-e.code:
			case <-time.After(patience):
				t.Fatal("the proxy does not end")
			}
			for _, pid := range children {
				wait(t, fmt.Sprintf("the end of process %d", pid), func() bool { return !running(pid) })
			}
			if log := e.log.String(); state != "killed" && !strings.Contains(log, "the editor is gone") {
				t.Errorf("log:\n%s", log)
			}
		})
	}
}

// descendants gives the processes below one.
func descendants(t *testing.T, pid int) []int {
	t.Helper()
	entries, err := os.ReadDir("/proc")
	if err != nil {
		t.Fatal(err)
	}
	parents := make(map[int]int)
	for _, entry := range entries {
		id, err := strconv.Atoi(entry.Name())
		if err != nil {
			continue
		}
		if fields := stat(id); len(fields) > 1 {
			parents[id], _ = strconv.Atoi(fields[1])
		}
	}
	var below []int
	for id := range parents {
		for p := id; p > 1; p = parents[p] {
			if parents[p] == pid {
				below = append(below, id)
				break
			}
		}
	}
	return below
}

// stat gives the fields of a process behind its name: state, parent and so on.
func stat(pid int) []string {
	data, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return nil
	}
	text := string(data)
	return strings.Fields(text[strings.LastIndexByte(text, ')')+1:])
}

func running(pid int) bool {
	fields := stat(pid)
	return len(fields) > 0 && fields[0] != "Z" // whoever adopted it may be slow to collect it
}

func TestHugeFile(t *testing.T) {
	if testing.Short() {
		t.Skip("edits 8 MB")
	}
	line := "var _ = \"é😀 and some more text to fill the line\"\n"
	text := "package p\n\n" + strings.Repeat(line, 8<<20/len(line)) + "func f() { leak() }\n"
	lines := strings.Count(text, "\n")
	e := startProxy(t, &fakeBackend{})
	dir := write(t, map[string]string{"a.go": text})
	a := filepath.Join(dir, "a.go")
	e.start(dir, false)
	e.open(a, 1)
	_, from := e.published(a, fmt.Sprintf("%d:11-%d:17 killcheck: leak", lines-1, lines-1), 0)
	for i := range 50 {
		e.change(a, i+2, contentChange{&Range{Position{lines / 2, 0}, Position{lines / 2, 0}}, "\n"})
	}
	e.call("test/echo", 1, nil)
	e.published(a, fmt.Sprintf("%d:11-%d:17 killcheck: leak", lines+49, lines+49), from)
	e.leave()
}

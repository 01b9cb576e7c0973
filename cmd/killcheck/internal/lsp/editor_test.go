package lsp

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// patience bounds every wait of these tests. It is long enough for a machine that
// has much else to do.
const patience = 5 * time.Minute

// An editor is the client in a test.
type editor struct {
	t   testing.TB
	in  io.WriteCloser
	out *frameWriter
	log *safeBuffer

	mu       sync.Mutex
	cond     *sync.Cond
	frames   []frame   // all that came
	got      []message // decoded
	closed   bool
	nextID   int
	settings any      // the answer to workspace/configuration
	before   int      // number of messages before the last request
	code     chan int // the exit code of the server
}

type safeBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *safeBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *safeBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

func newEditor(t testing.TB, in io.WriteCloser, out io.Reader, logged *safeBuffer) *editor {
	e := &editor{t: t, in: in, out: &frameWriter{w: in}, log: logged, code: make(chan int, 1)}
	e.cond = sync.NewCond(&e.mu)
	go e.read(newFrameReader(out))
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("log of the server:\n%s", logged)
		}
	})
	return e
}

func (e *editor) read(r *frameReader) {
	for {
		f, err := r.next()
		e.mu.Lock()
		if err != nil {
			e.closed = true
			e.cond.Broadcast()
			e.mu.Unlock()
			return
		}
		var m message
		if err := json.Unmarshal(f.body, &m); err != nil {
			e.t.Errorf("the server sent %q: %v", f.body, err)
		}
		e.frames = append(e.frames, f)
		e.got = append(e.got, m)
		e.cond.Broadcast()
		settings := e.settings
		e.mu.Unlock()
		if m.isRequest() {
			var result any
			if m.Method == "workspace/configuration" {
				result = settings
			}
			_ = e.out.write(response(m.ID, result)) // a server that has ended needs no answer
		}
	}
}

// await gives the first message, from index on, that fits.
func (e *editor) await(what string, from int, fits func(message) bool) (message, int) {
	e.t.Helper()
	timer := time.AfterFunc(patience, func() { e.cond.Broadcast() })
	defer timer.Stop()
	end := time.Now().Add(patience)
	e.mu.Lock()
	defer e.mu.Unlock()
	for i := from; ; i++ {
		for i >= len(e.got) {
			if e.closed || !time.Now().Before(end) {
				e.t.Fatalf("no %s came", what)
			}
			e.cond.Wait()
		}
		if fits(e.got[i]) {
			return e.got[i], i
		}
	}
}

// frame gives a frame that has come.
func (e *editor) frame(i int) frame {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.frames[i]
}

// messages gives all that has come.
func (e *editor) messages() []message {
	e.mu.Lock()
	defer e.mu.Unlock()
	return slices.Clone(e.got)
}

// answerSettings sets the answer to workspace/configuration.
func (e *editor) answerSettings(settings any) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.settings = settings
}

func (e *editor) mark() int {
	e.mu.Lock()
	defer e.mu.Unlock()
	return len(e.got)
}

func (e *editor) notify(method string, params any) {
	e.t.Helper()
	if err := e.out.write(notification(method, params)); err != nil {
		e.t.Fatalf("%s: %v", method, err)
	}
}

func (e *editor) request(method string, params any) json.RawMessage {
	e.t.Helper()
	e.nextID++
	e.before = e.mark()
	id := encode(e.nextID)
	body := fmt.Sprintf(`{"jsonrpc":"2.0","id":%s,"method":%q,"params":%s}`, id, method, encode(params))
	if err := e.out.write(newFrame([]byte(body))); err != nil {
		e.t.Fatalf("%s: %v", method, err)
	}
	return id
}

func (e *editor) answer(id json.RawMessage) (message, int) {
	e.t.Helper()
	return e.await("answer to "+string(id), e.before, func(m message) bool { return m.isResponse() && string(m.ID) == string(id) })
}

// call sends a request and decodes its result.
func (e *editor) call(method string, params, result any) {
	e.t.Helper()
	m, _ := e.answer(e.request(method, params))
	if len(m.Error) > 0 {
		e.t.Fatalf("%s: %s", method, m.Error)
	}
	if result != nil {
		if err := json.Unmarshal(m.Result, result); err != nil {
			e.t.Fatalf("%s: %v in %s", method, err, m.Result)
		}
	}
}

// start initializes with what present editors can do.
func (e *editor) start(root string, refresh bool) {
	e.t.Helper()
	e.call("initialize", map[string]any{
		"processId": os.Getpid(),
		"rootUri":   uriOf(root),
		"capabilities": map[string]any{
			"workspace": map[string]any{
				"workspaceEdit": map[string]any{"documentChanges": true},
				"diagnostics":   map[string]any{"refreshSupport": refresh},
			},
			"textDocument": map[string]any{
				"publishDiagnostics": map[string]any{"relatedInformation": true},
				"hover":              map[string]any{"contentFormat": []string{"markdown"}},
				"codeAction":         map[string]any{"codeActionLiteralSupport": map[string]any{"codeActionKind": map[string]any{"valueSet": []string{"quickfix"}}}},
			},
		},
	}, nil)
	e.notify("initialized", struct{}{})
}

func (e *editor) open(path string, version int) {
	e.t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		e.t.Fatal(err)
	}
	e.notify("textDocument/didOpen", map[string]any{"textDocument": textDocument{uriOf(path), version, "go", string(text)}})
}

func (e *editor) change(path string, version int, changes ...contentChange) {
	e.t.Helper()
	e.notify("textDocument/didChange", map[string]any{
		"textDocument": textDocument{URI: uriOf(path), Version: version}, "contentChanges": changes,
	})
}

func (e *editor) save(path string) {
	e.t.Helper()
	e.notify("textDocument/didSave", map[string]any{"textDocument": map[string]any{"uri": uriOf(path)}})
}

// A shown list is one published list of diagnostics.
type shown struct {
	URI         string `json:"uri"`
	Version     *int   `json:"version"`
	Extra       bool   `json:"extra"`
	Diagnostics []struct {
		diagnostic
		Data json.RawMessage `json:"data"`
	} `json:"diagnostics"`
}

func (s shown) String() string {
	var parts []string
	for _, d := range s.Diagnostics {
		parts = append(parts, fmt.Sprintf("%d:%d-%d:%d %s: %s",
			d.Range.Start.Line, d.Range.Start.Character, d.Range.End.Line, d.Range.End.Character, d.Source, d.Message))
	}
	return strings.Join(parts, "; ")
}

// published waits until the diagnostics of a file read as wanted.
func (e *editor) published(path, want string, from int) (shown, int) {
	e.t.Helper()
	var last shown
	defer func() {
		if e.t.Failed() {
			e.t.Logf("last published: %q, want %q", last, want)
		}
	}()
	_, i := e.await(fmt.Sprintf("diagnostics %q", want), from, func(m message) bool {
		var s shown
		if m.Method != "textDocument/publishDiagnostics" || json.Unmarshal(m.Params, &s) != nil || s.URI != uriOf(path) {
			return false
		}
		last = s
		return s.String() == want
	})
	return last, i
}

// leave ends the session in good order and checks the exit code.
func (e *editor) leave() {
	e.t.Helper()
	e.call("shutdown", nil, nil)
	e.notify("exit", nil)
	e.ends(0)
}

func (e *editor) ends(want int) {
	e.t.Helper()
	select {
	case code := <-e.code:
		if code != want {
			e.t.Errorf("the server ended with code %d, want %d", code, want)
		}
	case <-time.After(patience):
		e.t.Fatal("the server does not end")
	}
}

func (e *editor) actions(path string, at Range, only ...string) []codeAction {
	e.t.Helper()
	var actions []codeAction
	e.call("textDocument/codeAction", map[string]any{
		"textDocument": map[string]any{"uri": uriOf(path)}, "range": at,
		"context": map[string]any{"diagnostics": []any{}, "only": only},
	}, &actions)
	return actions
}

func (e *editor) hover(path string, at Position) string {
	e.t.Helper()
	var h struct{ Contents markup }
	e.call("textDocument/hover", map[string]any{
		"textDocument": map[string]any{"uri": uriOf(path)}, "position": at,
	}, &h)
	return h.Contents.Value
}

// startProxy runs a proxy in this process, before a fake gopls.
func startProxy(t *testing.T, backend Backend) *editor {
	t.Helper()
	t.Setenv(role, "gopls")
	return runProxy(t, backend, os.Args[0])
}

func runProxy(t *testing.T, backend Backend, gopls string) *editor {
	t.Helper()
	logged := &safeBuffer{}
	cfg := toyConfig(logged)
	cfg.Log = log.New(logged, "", log.Lmicroseconds)
	if backend != nil {
		cfg.Backend = backend
	}
	inR, inW := io.Pipe()
	outR, outW := io.Pipe()
	p := &Proxy{Config: cfg, Gopls: gopls, In: inR, Out: outW}
	e := newEditor(t, inW, outR, logged)
	ctx, cancel := context.WithCancel(context.Background())
	finished := make(chan struct{})
	go func() {
		defer close(finished)
		e.code <- p.Run(ctx)
		outW.Close()
		inR.Close()
	}()
	t.Cleanup(func() {
		cancel()
		select {
		case <-finished:
		case <-time.After(patience):
			t.Error("the proxy does not end when it is interrupted")
		}
	})
	return e
}

// startServer runs the stand-alone server in this process.
func startServer(t *testing.T, backend Backend) *editor {
	t.Helper()
	logged := &safeBuffer{}
	cfg := toyConfig(logged)
	if backend != nil {
		cfg.Backend = backend
	}
	inR, inW := io.Pipe()
	outR, outW := io.Pipe()
	e := newEditor(t, inW, outR, logged)
	ctx, cancel := context.WithCancel(context.Background())
	t.Cleanup(cancel)
	go func() {
		e.code <- (&Server{Config: cfg, Version: "test", In: inR, Out: outW}).Run(ctx)
		outW.Close()
		inR.Close()
	}()
	return e
}

// startProcess runs the test binary in a role, as an editor would; without a
// role it runs gopls.
func startProcess(t testing.TB, as, gopls string) (*editor, *exec.Cmd) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	if as == "" {
		cmd = exec.Command(gopls)
	}
	cmd.Env = append(os.Environ(), role+"="+as, realGopls+"="+gopls)
	return startCommand(t, cmd), cmd
}

// startCommand runs a language server.
func startCommand(t testing.TB, cmd *exec.Cmd) *editor {
	t.Helper()
	logged := &safeBuffer{}
	cmd.Stderr = logged
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	outR, outW, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stdout = outW
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	outW.Close()
	e := newEditor(t, in, outR, logged)
	go func() {
		_ = cmd.Wait() // the code tells
		e.code <- cmd.ProcessState.ExitCode()
	}()
	t.Cleanup(func() {
		cmd.Process.Kill()
		outR.Close()
	})
	return e
}

// write makes a module in a temporary directory and gives its files' names.
func write(t testing.TB, files map[string]string) string {
	t.Helper()
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

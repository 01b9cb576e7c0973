package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/textproto"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/killcheck/killcheck/cmd/killcheck/internal/lsp"
)

// pool has a receive that its goroutine cannot leave, and a line that gofmt would
// change.
const pool = `package m

type Pool struct {
	jobs chan func()
	quit chan struct{}
}

func (p *Pool) Start() { go p.work() }

func (p *Pool) Stop() { close(p.quit) }

func (p *Pool) work() {
	for {
		job := <-p.jobs
		job()
	}
}

func (p *Pool) Do(job func()) { p.jobs <- job }
var  odd   =  1
`

// pooled is what stands in pool instead of the receive, once it is fixed.
const pooled = `var job func()
		select {
		case job = <-p.jobs:
		case <-p.quit:
			return
		}`

// TestServerEdits has the language server edit a file with carriage returns and a
// line that gofmt would change: an action holds the edited region, and nothing
// else.
func TestServerEdits(t *testing.T) {
	for name, ends := range map[string]string{"lf": "\n", "crlf": "\r\n"} {
		t.Run(name, func(t *testing.T) {
			in := strings.NewReplacer("\n", ends)
			s, _ := selfIn(t, map[string]string{"a.go": in.Replace(pool)})
			t.Setenv(asTool, "1") // for the tool of go vet
			t.Setenv("GOFLAGS", "")
			t.Setenv("GOWORK", "off")
			cfg, done, err := (&editorOptions{checks: tierCore, log: filepath.Join(t.TempDir(), "log")}).config()
			if err != nil {
				t.Fatal(err)
			}
			defer done()
			e := serve(t, cfg)
			uri := "file://" + filepath.ToSlash(filepath.Join(s.dir, "a.go"))
			e.send("initialize", 1, map[string]any{"rootUri": nil, "capabilities": map[string]any{}})
			e.send("initialized", 0, map[string]any{})
			e.send("textDocument/didOpen", 0, map[string]any{"textDocument": map[string]any{
				"uri": uri, "languageId": "go", "version": 1, "text": in.Replace(pool)}})
			at := map[string]any{"line": 12, "character": 2} // the loop
			var actions []struct {
				Edit struct {
					Changes map[string][]struct {
						Range   lsp.Range
						NewText string
					}
				}
			}
			for id := 2; len(actions) == 0; id++ {
				e.await(func(m reply) bool { return m.Method == "textDocument/publishDiagnostics" })
				e.send("textDocument/codeAction", id, map[string]any{
					"textDocument": map[string]any{"uri": uri}, "range": map[string]any{"start": at, "end": at},
					"context": map[string]any{"diagnostics": []any{}},
				})
				answer := e.await(func(m reply) bool { return m.Method == "" && string(m.ID) == strconv.Itoa(id) })
				if err := json.Unmarshal(answer.Result, &actions); err != nil {
					t.Fatal(err)
				}
			}
			// All of the edits are on the line of the receive.
			lines := strings.SplitAfter(in.Replace(pool), "\n")
			for _, e := range slices.Backward(actions[0].Edit.Changes[uri]) {
				if e.Range.Start.Line != 13 || e.Range.End.Line != 13 || e.Range.Start.Character < 2 || e.Range.End.Character > 17 {
					t.Errorf("an edit of %v", e.Range)
				}
				lines[13] = lines[13][:e.Range.Start.Character] + e.NewText + lines[13][e.Range.End.Character:]
			}
			if got, want := strings.Join(lines, ""), in.Replace(strings.Replace(pool, "job := <-p.jobs", pooled, 1)); got != want {
				t.Errorf("got\n%q, want\n%q", got, want)
			}
		})
	}
}

// A client is an editor with just what the test needs.
type client struct {
	t   *testing.T
	in  io.Writer
	out *bufio.Reader
}

type reply struct {
	ID     json.RawMessage
	Method string
	Result json.RawMessage
}

// serve runs a server until the test ends.
func serve(t *testing.T, cfg lsp.Config) *client {
	t.Helper()
	in, toServer, err := os.Pipe() // has room, unlike that of package io
	if err != nil {
		t.Fatal(err)
	}
	fromServer, out, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		(&lsp.Server{Config: cfg, Version: "test", In: in, Out: out}).Run(context.Background())
	}()
	t.Cleanup(func() {
		toServer.Close()
		fromServer.Close()
		<-ended
		in.Close()
		out.Close()
	})
	return &client{t, toServer, bufio.NewReader(fromServer)}
}

// send sends a request, or a notification if the number is 0.
func (c *client) send(method string, id int, params any) {
	c.t.Helper()
	m := map[string]any{"jsonrpc": "2.0", "method": method, "params": params}
	if id != 0 {
		m["id"] = id
	}
	data, err := json.Marshal(m)
	if err != nil {
		c.t.Fatal(err)
	}
	if _, err := fmt.Fprintf(c.in, "Content-Length: %d\r\n\r\n%s", len(data), data); err != nil {
		c.t.Fatal(err)
	}
}

// await returns the next message of a kind. Those before it are dropped.
func (c *client) await(kind func(reply) bool) reply {
	c.t.Helper()
	for {
		header, err := textproto.NewReader(c.out).ReadMIMEHeader()
		if err != nil {
			c.t.Fatal(err)
		}
		n, err := strconv.Atoi(header.Get("Content-Length"))
		if err != nil {
			c.t.Fatal(err)
		}
		data := make([]byte, n)
		if _, err := io.ReadFull(c.out, data); err != nil {
			c.t.Fatal(err)
		}
		var m reply
		if err := json.Unmarshal(data, &m); err != nil {
			c.t.Fatal(err)
		}
		if kind(m) {
			return m
		}
	}
}

// TestServerConfig: the language servers heed .killcheck.yaml, a change of it with
// the next analysis, and show what is wrong with it.
func TestServerConfig(t *testing.T) {
	s, _ := selfIn(t, map[string]string{"go.mod": "module example.com/m\n\ngo 1.25\n", "a.go": pool})
	t.Setenv(asTool, "1") // for the tool of go vet
	t.Setenv("GOFLAGS", "")
	t.Setenv("GOWORK", "off")
	cfg, done, err := (&editorOptions{log: filepath.Join(t.TempDir(), "log")}).config()
	if err != nil {
		t.Fatal(err)
	}
	defer done()
	for _, test := range []struct{ text, want string }{
		{"checks: ignoredstop\n", "ignoredstop warning"},
		{"checks: ignoredstop\nseverity: error\n", "ignoredstop error"},
		{"checks: endless\n", ""},
		{"exclude: a.go\n", ""},
		{"checks: ignoredstop\ngoroutines:\n  - func: example.com/m.None\n", "ignoredstop warning"},
		{"chekcs: core\n", `.killcheck.yaml:1:1: unknown key "chekcs"`},
	} {
		if err := os.WriteFile(filepath.Join(s.dir, ".killcheck.yaml"), []byte(test.text), 0o666); err != nil {
			t.Fatal(err)
		}
		found, err := cfg.Backend.Analyze(t.Context(), lsp.Request{Dir: s.dir})
		if notice := new(lsp.Notice); errors.As(err, &notice) {
			if test.want == "" || !strings.Contains(notice.Text, test.want) {
				t.Errorf("%s: %v", test.text, err)
			}
			continue
		} else if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, f := range found {
			got = append(got, f.Check+" "+f.Level())
		}
		if strings.Join(got, ", ") != test.want {
			t.Errorf("%s: %q, want %q", test.text, got, test.want)
		}
	}
}

package lsp

import (
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// fakeGopls answers as gopls does, and fails on request:
//
//	test/die      ends with code 3
//	test/hang     reads no more
//	test/garbage  writes what is no frame
//	test/configure  asks for the settings
//	test/echo     answers with its parameters
//	test/never    gives no answer
//	test/state    answers with the open documents
//	test/refuse   answers every later code action and hover with an error
//
// A file named die in the working directory makes it end at once.
func fakeGopls(in io.Reader, out io.Writer) int {
	if _, err := os.Stat("die"); err == nil {
		return 4
	}
	r, w := newFrameReader(in), &frameWriter{w: out}
	docs := make(map[string]textDocument)
	refuse := false
	for {
		f, err := r.next()
		if err != nil {
			return 1
		}
		var m message
		var p documentParams
		if json.Unmarshal(f.body, &m) != nil {
			return 5
		}
		if len(m.ID) == 0 {
			m.ID = json.RawMessage("null")
		}
		_ = json.Unmarshal(m.Params, &p) // some methods have other parameters
		send := func(f frame) { _ = w.write(f) }
		switch m.Method {
		case "initialize":
			send(newFrame([]byte(`{"id":` + string(m.ID) + `, "jsonrpc":"2.0","result":{"capabilities":{"hoverProvider":true}}}`)))
			send(newFrame([]byte(`{"jsonrpc":"2.0","id":1,"method":"client/registerCapability","params":{"registrations":[{"id":"watch","method":"workspace/didChangeWatchedFiles"}]}}`)))
			send(newFrame([]byte(`{"jsonrpc":"2.0","method":"$/progress","params":{"token":"load","value":{"kind":"begin","title":"loading"}}}`)))
		case "shutdown":
			send(response(m.ID, nil))
		case "exit":
			return 0
		case "textDocument/didOpen":
			docs[filepath.Base(p.TextDocument.URI)] = p.TextDocument
			send(fakeDiagnostics(p.TextDocument))
		case "textDocument/didChange":
			doc := docs[filepath.Base(p.TextDocument.URI)]
			d := document{text: doc.Text}
			d.apply(p.TextDocument.Version, p.ContentChanges)
			doc.Text, doc.Version = d.text, d.version
			docs[filepath.Base(p.TextDocument.URI)] = doc
		case "textDocument/codeAction":
			if refuse {
				send(failure(m.ID, 0, "refused"))
				break
			}
			send(newFrame([]byte(`{"jsonrpc":"2.0","id":` + string(m.ID) + `,"result":[{"title":"theirs","kind":"refactor","odd":  1}]}`)))
		case "textDocument/hover":
			if refuse {
				send(failure(m.ID, 0, "refused"))
				break
			}
			send(newFrame([]byte(`{"jsonrpc":"2.0","id":` + string(m.ID) + `,"result":{"contents":{"kind":"markdown","value":"theirs"}}}`)))
		case "textDocument/diagnostic":
			send(newFrame([]byte(`{"jsonrpc":"2.0","id":` + string(m.ID) + `,"result":{"kind":"","resultId":"7","items":[{"range":{"start":{"line":0,"character":0},"end":{"line":0,"character":1}},"message":"pulled"}]}}`)))
		case "test/die":
			return 3
		case "test/hang":
			time.Sleep(time.Hour)
		case "test/garbage":
			_, _ = io.WriteString(out, "panic: something\r\nwent wrong\r\n\r\n")
		case "test/configure":
			send(newFrame([]byte(`{"jsonrpc":"2.0","id":77,"method":"workspace/configuration","params":{"items":[{},{}]}}`)))
		case "test/refuse":
			refuse = true
		case "test/echo":
			send(response(m.ID, m.Params))
		case "test/state":
			send(response(m.ID, docs))
		case "test/never":
		default:
			if string(m.ID) != "null" && m.Method != "" {
				send(failure(m.ID, codeUnknownMethod, "unknown"))
			}
		}
	}
}

// fakeDiagnostics reports the first "theirs" in a document.
func fakeDiagnostics(doc textDocument) frame {
	list := []any{}
	if i := strings.Index(doc.Text, "theirs"); i >= 0 {
		list = append(list, map[string]any{
			"range":   Range{positionOf(doc.Text, i), positionOf(doc.Text, i+6)},
			"message": "of gopls", "source": "fake", "data": map[string]int{"kept": 1},
		})
	}
	return notification("textDocument/publishDiagnostics",
		map[string]any{"uri": doc.URI, "version": doc.Version, "diagnostics": list, "extra": true})
}

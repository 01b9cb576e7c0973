package lsp

import (
	"encoding/json"
	"net/url"
	"path/filepath"
	"strings"
)

// A message is a request (ID and Method), a notification (Method) or a
// response (ID). The parts that are not looked at stay undecoded.
type message struct {
	ID     json.RawMessage `json:"id"`
	Method string          `json:"method"`
	Params json.RawMessage `json:"params"`
	Result json.RawMessage `json:"result"`
	Error  json.RawMessage `json:"error"`
}

func (m *message) isRequest() bool  { return m.Method != "" && len(m.ID) > 0 }
func (m *message) isResponse() bool { return m.Method == "" && len(m.ID) > 0 }

// Error codes of JSON-RPC and of the protocol.
const (
	codeParse          = -32700
	codeInvalidRequest = -32600
	codeUnknownMethod  = -32601
	codeInvalidParams  = -32602
	codeNotInitialized = -32002
	codeRequestFailed  = -32803
)

type responseError struct {
	Code    int    `json:"code"`
	Message string `json:"message"`
}

// The encoders below cannot fail: every value they get is made of strings,
// numbers and JSON that was decoded before. Should that change, the null they
// then send is a valid message.
func encode(v any) json.RawMessage {
	data, err := json.Marshal(v)
	if err != nil {
		return json.RawMessage("null")
	}
	return data
}

func notification(method string, params any) frame {
	return newFrame(encode(struct {
		JSONRPC string `json:"jsonrpc"`
		Method  string `json:"method"`
		Params  any    `json:"params"`
	}{"2.0", method, params}))
}

func request(id, method string, params any) frame {
	return newFrame(encode(struct {
		JSONRPC string `json:"jsonrpc"`
		ID      string `json:"id"`
		Method  string `json:"method"`
		Params  any    `json:"params,omitempty"`
	}{"2.0", id, method, params}))
}

func response(id json.RawMessage, result any) frame {
	return newFrame(encode(struct {
		JSONRPC string          `json:"jsonrpc"`
		ID      json.RawMessage `json:"id"`
		Result  any             `json:"result"`
	}{"2.0", id, result}))
}

func failure(id json.RawMessage, code int, text string) frame {
	return newFrame(encode(struct {
		JSONRPC string          `json:"jsonrpc"`
		ID      json.RawMessage `json:"id"`
		Error   responseError   `json:"error"`
	}{"2.0", id, responseError{code, text}}))
}

type textDocument struct {
	URI        string `json:"uri"`
	Version    int    `json:"version"`
	LanguageID string `json:"languageId"`
	Text       string `json:"text"`
}

type contentChange struct {
	Range *Range `json:"range"` // nil: Text is the whole document
	Text  string `json:"text"`
}

// documentParams holds the parameters of every document notification and of
// the requests that we answer or complete.
type documentParams struct {
	TextDocument   textDocument    `json:"textDocument"`
	ContentChanges []contentChange `json:"contentChanges"`
	Position       Position        `json:"position"`
	Range          Range           `json:"range"`
	Context        struct {
		Only []string `json:"only"`
	} `json:"context"`
}

// pathOf gives the file name of a file URI, and "" for any other URI.
func pathOf(uri string) string {
	u, err := url.Parse(uri)
	if err != nil || u.Scheme != "file" || u.Path == "" {
		return ""
	}
	path := u.Path
	if len(path) >= 3 && path[0] == '/' && path[2] == ':' {
		path = strings.ToUpper(path[1:2]) + path[2:] // /c:/dir on Windows
	}
	return filepath.Clean(filepath.FromSlash(path))
}

// uriOf gives the file URI of an absolute file name.
func uriOf(path string) string {
	path = filepath.ToSlash(path)
	if !strings.HasPrefix(path, "/") {
		path = "/" + path
	}
	return (&url.URL{Scheme: "file", Path: path}).String()
}

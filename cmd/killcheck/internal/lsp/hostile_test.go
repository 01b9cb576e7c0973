package lsp

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"
)

// odd are JSON values that may stand where another type or size is meant.
var odd = []string{
	`null`, `true`, `-1`, `0`, `1.5`, `1e99`, `4294967296`, `9223372036854775807`, `""`, `"x"`, `"\ud800"`, `"\u0000"`,
	`[]`, `[null]`, `[1,[2,[3]]]`, `{}`, `{"uri":null}`, `{"uri":"file:///"}`, `{"uri":"untitled:1"}`,
	`{"line":-1,"character":-1}`, `{"line":2147483647,"character":2147483647}`,
	"\"\xff\xfe\"", strings.Repeat("[", 9000) + strings.Repeat("]", 9000),
}

// hostile makes a message from the parts that real ones have, some of them
// replaced by odd values.
func hostile(r *rand.Rand, uri string) string {
	pick := func(right string) string {
		if r.IntN(3) == 0 {
			return odd[r.IntN(len(odd))]
		}
		return right
	}
	position := func() string {
		return pick(fmt.Sprintf(`{"line":%s,"character":%s}`, pick(fmt.Sprint(r.IntN(6))), pick(fmt.Sprint(r.IntN(9)))))
	}
	span := func() string { return pick(`{"start":` + position() + `,"end":` + position() + `}`) }
	methods := []string{"textDocument/didOpen", "textDocument/didChange", "textDocument/didSave", "textDocument/didClose",
		"textDocument/hover", "textDocument/codeAction", "textDocument/diagnostic", "workspace/didChangeWatchedFiles",
		"workspace/didChangeConfiguration", "initialize", "initialized", "$/cancelRequest", "$/progress", "no/such", ""}
	method := `"` + methods[r.IntN(len(methods))] + `"`
	params := `{"textDocument":` + pick(`{"uri":`+pick(`"`+uri+`"`)+`,"version":`+pick("7")+`,"languageId":"go","text":`+pick(`"package p\n\nfunc f() { leak() }\n"`)+`}`) +
		`,"contentChanges":` + pick(`[{"range":`+span()+`,"text":`+pick(`"y\n"`)+`}]`) +
		`,"position":` + position() + `,"range":` + span() + `,"context":` + pick(`{"only":`+pick(`["quickfix"]`)+`}`) +
		`,"changes":` + pick(`[{"uri":`+pick(`"`+uri+`"`)+`}]`) + `}`
	switch r.IntN(4) {
	case 0: // a notification
		return `{"jsonrpc":"2.0","method":` + pick(method) + `,"params":` + pick(params) + `}`
	case 1: // an answer to a request that nobody made
		return `{"jsonrpc":"2.0","id":` + pick(`"killcheck:1"`) + `,"result":` + pick(params) + `}`
	case 2:
		return pick(`[` + params + `]`)
	}
	return `{"jsonrpc":"2.0","id":` + pick(`"h`+fmt.Sprint(r.IntN(1000))+`"`) + `,"method":` + pick(method) + `,"params":` + pick(params) + `}`
}

// TestHostile sends both servers messages with odd values. They go on serving,
// and leave in order.
func TestHostile(t *testing.T) {
	for name, start := range map[string]func(*testing.T, Backend) *editor{"proxy": startProxy, "server": startServer} {
		for seed := range uint64(4) {
			t.Run(fmt.Sprintf("%s/%d", name, seed), func(t *testing.T) {
				e := start(t, &fakeBackend{})
				dir := write(t, map[string]string{"a.go": sourceText, "b.go": "package p\n"})
				a, b := filepath.Join(dir, "a.go"), filepath.Join(dir, "b.go")
				e.start(dir, false)
				r := rand.New(rand.NewPCG(seed, 1))
				for range 500 {
					if err := e.out.write(newFrame([]byte(hostile(r, uriOf(b))))); err != nil {
						t.Fatalf("%v\n%s", err, e.log)
					}
				}
				e.open(a, 1)
				wait(t, "the finding", func() bool { return strings.Contains(e.hover(a, oursRange.Start), "leak") })
				if len(e.actions(a, oursRange)) == 0 {
					t.Error("no actions")
				}
				e.leave()
			})
		}
	}
}

package lsp

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/killcheck/killcheck/analyzer/directive"
	"github.com/killcheck/killcheck/cmd/killcheck/internal/finding"
)

// TestIgnoreAction: the comment that is offered has no reason, and so no effect, until
// the user writes one; an editor that knows placeholders gets one.
func TestIgnoreAction(t *testing.T) {
	const path, text = "/m/a.go", "package m\n\nfunc f() {\n\tfor {\n\t}\n}\n"
	c := newCore(Config{Ignorable: func(check string) bool { return check == "endless" }})
	at := Range{Position{3, 1}, Position{3, 4}}
	c.docs[path] = &document{uri: "file://" + path, path: path, text: text}
	for _, check := range []string{"endless", "directive"} {
		c.own[path] = append(c.own[path], &placed{Finding: finding.Finding{Check: check, Message: "m"}, at: at})
	}
	var params documentParams
	params.TextDocument.URI = "file://" + path
	params.Range = Range{at.Start, at.Start}
	ask := func() string {
		t.Helper()
		actions := c.actions(params)
		if len(actions) != 1 || actions[0].Title != "Ignore endless here, because …" || actions[0].Preferred {
			t.Fatalf("%+v", actions)
		}
		data, err := json.Marshal(actions[0].Edit)
		if err != nil {
			t.Fatal(err)
		}
		return string(data)
	}
	const where = `{"range":{"start":{"line":3,"character":0},"end":{"line":3,"character":0}},`
	if got, want := ask(), `{"changes":{"file:///m/a.go":[`+where+`"newText":"\t//killcheck:ignore endless -- \n"}]}}`; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	if d := directive.Parse("//killcheck:ignore endless -- "); d.Valid() {
		t.Error("the comment has an effect without a reason")
	}
	c.features = features{documentChanges: true, snippets: true}
	if got, want := ask(), where+`"snippet":{"kind":"snippet","value":"\t//killcheck:ignore endless -- $1\n"}}`; !strings.Contains(got, want) {
		t.Errorf("%s, want %s", got, want)
	}
	params.Range = Range{Position{5, 0}, Position{5, 0}}
	if got := c.actions(params); len(got) != 0 {
		t.Errorf("elsewhere: %+v", got)
	}
	params.Range, c.Ignorable = Range{at.Start, at.Start}, nil
	if got := c.actions(params); len(got) != 0 {
		t.Errorf("without the setting: %+v", got)
	}
}

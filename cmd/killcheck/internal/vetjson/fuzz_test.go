package vetjson

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
)

// FuzzRead checks that what is read can be written and read again, and that
// findings can be made of it.
func FuzzRead(f *testing.F) {
	f.Add(`{"p": {"a": [{"category": "c", "posn": "/x.go:1:2", "end": "/x.go:1:4", "message": "m", "related": [{"posn": "/x.go:3:1", "message": "r"}],
		"suggested_fixes": [{"message": "f (review)", "edits": [{"filename": "/x.go", "start": 1, "end": 2, "new": "n"}]}]}]}}`)
	f.Add(`{"q [q.test]": {"a": {"error": "failed"}}} {"r": {"a": {}, "b": []}} {}`)
	f.Add(`{"p": {"a": [{"category": "muted", "posn": "x:y:z:-1"}, null], "b": null}}`)
	f.Fuzz(func(t *testing.T, stream string) {
		var units []Unit
		if Read(strings.NewReader(stream), func(u Unit) { units = append(units, u) }) != nil {
			return
		}
		for _, u := range units {
			var result any = u.Diagnostics
			if u.Error != "" {
				result = map[string]string{"error": u.Error}
			}
			data, err := json.Marshal(map[string]any{u.ID: map[string]any{u.Analyzer: result}})
			if err != nil {
				t.Fatal(err)
			}
			var again []Unit
			if err := Read(strings.NewReader(string(data)), func(u Unit) { again = append(again, u) }); err != nil {
				t.Fatalf("%s: %v", data, err)
			}
			if len(again) != 1 || !reflect.DeepEqual(again[0], u) {
				t.Fatalf("%+v is read again as %+v", u, again)
			}
			for _, d := range u.Diagnostics {
				found := u.Finding(d, func(file string) string { return file })
				for _, fix := range found.Fixes {
					for _, e := range fix.Edits {
						if e.Start > e.End {
							t.Errorf("%+v has an edit that ends before it starts", d)
						}
					}
				}
			}
		}
	})
}

// FuzzSpan checks that a span speaks of the file that the position names, and
// counts from one.
func FuzzSpan(f *testing.F) {
	f.Add("/a/b.go:19:2", "/a/b.go:23:3")
	f.Add(`C:\a\b.go:19:2`, `C:\a\b.go:19:5`)
	f.Add("/a:1/b.go:19:-2", "-")
	f.Fuzz(func(t *testing.T, posn, end string) {
		s := Span(posn, end)
		if !strings.HasPrefix(posn, s.File) {
			t.Errorf("%q: file %q", posn, s.File)
		}
		for _, n := range []int{s.Start.Line, s.Start.Col, s.End.Line, s.End.Col} {
			if n < 0 {
				t.Errorf("%q, %q: %+v", posn, end, s)
			}
		}
	})
}

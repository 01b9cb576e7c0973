// Package vetjson reads what "go vet -json" prints: a stream of JSON objects,
// one for each package.
package vetjson

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/killcheck/killcheck/cmd/killcheck/internal/finding"
)

// A Unit is what one analyzer had to say of one package.
type Unit struct {
	ID          string // package path, perhaps followed by " [p.test]"
	Analyzer    string
	Error       string // why the analyzer failed; empty if it did not
	Diagnostics []Diagnostic
}

// A Diagnostic is one report, in the words of package unitchecker.
type Diagnostic struct {
	Category string    `json:"category"`
	Posn     string    `json:"posn"`
	End      string    `json:"end"`
	Message  string    `json:"message"`
	Fixes    []Fix     `json:"suggested_fixes"`
	Related  []Related `json:"related"`
}

// A Fix is a suggested fix.
type Fix struct {
	Message string `json:"message"`
	Edits   []Edit `json:"edits"`
}

// An Edit is one change of a fix; the offsets count bytes.
type Edit struct {
	Filename string `json:"filename"`
	Start    int    `json:"start"`
	End      int    `json:"end"`
	New      string `json:"new"`
}

// Related is a further position that belongs to a diagnostic.
type Related struct {
	Posn    string `json:"posn"`
	End     string `json:"end"`
	Message string `json:"message"`
}

// Read calls yield for every unit of the stream, as it arrives.
func Read(r io.Reader, yield func(Unit)) error {
	dec := json.NewDecoder(r)
	for {
		var tree map[string]map[string]json.RawMessage
		err := dec.Decode(&tree)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("reading the output of go vet: %w", err)
		}
		for id, results := range tree {
			for name, raw := range results {
				u, err := decode(id, name, raw)
				if err != nil {
					return fmt.Errorf("reading the output of go vet for %s: %w", id, err)
				}
				yield(u)
			}
		}
	}
}

// decode reads the value of one analyzer: a list of diagnostics, or an object
// that holds an error.
func decode(id, name string, raw json.RawMessage) (Unit, error) {
	u := Unit{ID: id, Analyzer: name}
	if len(raw) > 0 && raw[0] == '{' {
		var failure struct {
			Error string `json:"error"`
		}
		if err := json.Unmarshal(raw, &failure); err != nil {
			return u, err
		}
		u.Error = failure.Error
		if u.Error == "" {
			u.Error = "unknown error"
		}
		return u, nil
	}
	return u, json.Unmarshal(raw, &u.Diagnostics)
}

// Span returns the range between two positions in the form file:line:col. The
// column may be missing, and the file name may hold colons.
func Span(posn, end string) finding.Span {
	file, start := split(posn)
	s := finding.Span{File: file, Start: start}
	if endFile, p := split(end); endFile == file {
		s.End = p
	}
	return s
}

func split(posn string) (file string, p finding.Point) {
	rest, last, ok := cutLast(posn)
	if !ok {
		return posn, p
	}
	if file, line, ok := cutLast(rest); ok {
		return file, finding.Point{Line: line, Col: last}
	}
	return rest, finding.Point{Line: last}
}

// cutLast cuts a number without a sign after the last colon.
func cutLast(s string) (before string, n int, ok bool) {
	i := strings.LastIndexByte(s, ':')
	if i < 0 {
		return s, 0, false
	}
	number, err := strconv.ParseUint(s[i+1:], 10, 31)
	if err != nil {
		return s, 0, false
	}
	return s[:i], int(number), true
}

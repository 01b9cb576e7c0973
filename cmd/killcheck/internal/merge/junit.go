package merge

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/killcheck/killcheck/cmd/killcheck/internal/format"
	"github.com/killcheck/killcheck/cmd/killcheck/internal/shard"
	"github.com/killcheck/killcheck/internal/plain"
)

// junit is the format junit.
type junit struct {
	format.JUnitReport
	shard *shard.Mark
}

func parseJUnit(in Input) (document, error) {
	doc := new(junit)
	dec := xml.NewDecoder(bytes.NewReader(in.Text))
	err := dec.Decode(&doc.JUnitReport)
	line, _ := dec.InputPos()
	if bad := new(xml.SyntaxError); errors.As(err, &bad) {
		return nil, fmt.Errorf("%s:%d: %s", in.Name, bad.Line, bad.Msg)
	}
	if err != nil {
		return nil, fmt.Errorf("%s:%d: %w", in.Name, line, err)
	}
	doc.XMLName = xml.Name{Local: doc.XMLName.Local}
	if doc.Name != "" {
		mark, err := shard.ReadName(doc.Name)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", in.Name, err)
		}
		doc.shard = &mark
	}
	return doc, nil
}

func (d *junit) mark() *shard.Mark { return d.shard }
func (d *junit) frame() []part     { return nil }

func (d *junit) files() []string {
	var names []string
	for _, s := range d.Suites {
		if s.Errors == 0 {
			names = append(names, s.Name)
		}
	}
	return names
}

func (d *junit) write() ([]byte, error) {
	var out bytes.Buffer
	err := format.WriteJUnit(plain.NewWriter(&out), &d.JUnitReport)
	return out.Bytes(), err
}

// merge puts the suites of files first, and then those of packages that could not be
// analysed.
func (d *junit) merge(shards []document) document {
	whole := new(junit)
	var failed []format.JUnitSuite
	for _, s := range shards {
		for _, suite := range s.(*junit).Suites {
			if suite.Errors > 0 {
				failed = append(failed, suite)
			} else {
				whole.Suites = append(whole.Suites, suite)
			}
		}
	}
	slices.SortStableFunc(whole.Suites, func(a, b format.JUnitSuite) int { return strings.Compare(a.Name, b.Name) })
	slices.SortStableFunc(failed, func(a, b format.JUnitSuite) int { return strings.Compare(a.Name, b.Name) })
	whole.Suites = append(whole.Suites, failed...)
	return whole
}

// problem returns what a suite says of a package that could not be analysed.
func problem(s format.JUnitSuite) Problem {
	p := Problem{Package: s.Name}
	for _, c := range s.Cases {
		if c.Error != nil {
			p.Reason = c.Error.Text
		}
	}
	return p
}

func (d *junit) count() (findings int, problems []Problem) {
	for _, s := range d.Suites {
		findings += s.Failures
		if s.Errors > 0 {
			problems = append(problems, problem(s))
		}
	}
	return findings, problems
}

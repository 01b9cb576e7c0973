package format

import (
	"encoding/xml"
	"fmt"
	"io"

	"github.com/killcheck/killcheck/internal/plain"
)

// JUnit XML, as test reporters read it: a suite for each file, a failed test for each
// finding, and an error for each package that could not be analysed.
type junitFormat struct{}

type (
	junitReport struct {
		XMLName xml.Name     `xml:"testsuites"`
		Suites  []junitSuite `xml:"testsuite"`
	}
	junitSuite struct {
		Name     string      `xml:"name,attr"`
		Tests    int         `xml:"tests,attr"`
		Failures int         `xml:"failures,attr"`
		Errors   int         `xml:"errors,attr"`
		Cases    []junitCase `xml:"testcase"`
	}
	junitCase struct {
		Name    string       `xml:"name,attr"`
		Class   string       `xml:"classname,attr"`
		File    string       `xml:"file,attr,omitempty"`
		Line    int          `xml:"line,attr,omitempty"`
		Failure *junitResult `xml:"failure,omitempty"`
		Error   *junitResult `xml:"error,omitempty"`
	}
	junitResult struct {
		Message string `xml:"message,attr"`
		Type    string `xml:"type,attr"`
		Text    string `xml:",chardata"`
	}
)

func (junitFormat) Write(w *plain.Writer, r *Report) error {
	return w.Batch(func() error { return writeJUnit(w, r) })
}

func writeJUnit(w io.Writer, r *Report) error {
	var out junitReport
	for _, f := range r.shown() {
		name := r.rel(f.File)
		if n := len(out.Suites); n == 0 || out.Suites[n-1].Name != name {
			out.Suites = append(out.Suites, junitSuite{Name: name})
		}
		at := fmt.Sprintf("%s:%d:%d", name, f.Start.Line, f.Start.Col)
		text := at + ": " + f.Message
		for _, s := range f.Path {
			text += fmt.Sprintf("\n%s:%d: %s", r.rel(s.File), s.Start.Line, s.Message)
		}
		suite := &out.Suites[len(out.Suites)-1]
		suite.Tests++
		suite.Failures++
		suite.Cases = append(suite.Cases, junitCase{
			Name: f.Name(), Class: at, File: name, Line: f.Start.Line,
			Failure: &junitResult{f.Message, f.Level(), text},
		})
	}
	for _, p := range r.Problems {
		out.Suites = append(out.Suites, junitSuite{Name: p.Package, Tests: 1, Errors: 1, Cases: []junitCase{{
			Name: "not analysed", Class: p.Package, Error: &junitResult{"not analysed", "error", p.Reason},
		}}})
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	enc := xml.NewEncoder(w)
	enc.Indent("", "  ")
	if err := enc.Encode(out); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}

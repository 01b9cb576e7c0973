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
	// A JUnitReport is the document.
	JUnitReport struct {
		XMLName xml.Name     `xml:"testsuites"`
		Name    string       `xml:"name,attr,omitempty"` // of a shard; see [shard.Mark.Name]
		Suites  []JUnitSuite `xml:"testsuite"`
	}
	// A JUnitSuite holds the findings of a file, or says that a package could not be
	// analysed.
	JUnitSuite struct {
		Name     string      `xml:"name,attr"`
		Tests    int         `xml:"tests,attr"`
		Failures int         `xml:"failures,attr"`
		Errors   int         `xml:"errors,attr"`
		Cases    []JUnitCase `xml:"testcase"`
	}
	// A JUnitCase is a finding.
	JUnitCase struct {
		Name    string       `xml:"name,attr"`
		Class   string       `xml:"classname,attr"`
		File    string       `xml:"file,attr,omitempty"`
		Line    int          `xml:"line,attr,omitempty"`
		Failure *JUnitResult `xml:"failure,omitempty"`
		Error   *JUnitResult `xml:"error,omitempty"`
	}
	// A JUnitResult says what is wrong.
	JUnitResult struct {
		Message string `xml:"message,attr"`
		Type    string `xml:"type,attr"`
		Text    string `xml:",chardata"`
	}
)

func (junitFormat) Write(w *plain.Writer, r *Report) error {
	return WriteJUnit(w, r.junit())
}

// junit returns the document of a report.
func (r *Report) junit() *JUnitReport {
	out := new(JUnitReport)
	if r.Shard != nil {
		out.Name = r.Shard.Name()
	}
	for _, f := range r.shown() {
		name := r.rel(f.File)
		if n := len(out.Suites); n == 0 || out.Suites[n-1].Name != name {
			out.Suites = append(out.Suites, JUnitSuite{Name: name})
		}
		at := fmt.Sprintf("%s:%d:%d", name, f.Start.Line, f.Start.Col)
		text := at + ": " + f.Message
		for _, s := range f.Path {
			text += fmt.Sprintf("\n%s:%d: %s", r.rel(s.File), s.Start.Line, s.Message)
		}
		suite := &out.Suites[len(out.Suites)-1]
		suite.Tests++
		suite.Failures++
		suite.Cases = append(suite.Cases, JUnitCase{
			Name: f.Name(), Class: at, File: name, Line: f.Start.Line,
			Failure: &JUnitResult{f.Message, f.Level(), text},
		})
	}
	for _, p := range r.Problems {
		out.Suites = append(out.Suites, JUnitSuite{Name: p.Package, Tests: 1, Errors: 1, Cases: []JUnitCase{{
			Name: "not analysed", Class: p.Package, Error: &JUnitResult{"not analysed", "error", p.Reason},
		}}})
	}
	return out
}

// WriteJUnit writes a document.
func WriteJUnit(w *plain.Writer, out *JUnitReport) error {
	return w.Batch(func() error { return encodeJUnit(w, out) })
}

func encodeJUnit(w io.Writer, out *JUnitReport) error {
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

package format

import (
	"encoding/xml"
	"fmt"
	"io"
	"strings"

	"github.com/killcheck/killcheck/internal/plain"
)

// GitHub workflow commands: one annotation for each line.
type githubFormat struct{}

func (githubFormat) Write(w *plain.Writer, r *Report) error {
	return w.Batch(func() error { return writeGitHub(w, r) })
}

func writeGitHub(w *plain.Writer, r *Report) error {
	data := strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	property := strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
	for _, f := range r.shown() {
		command := f.Level()
		if command == "note" {
			command = "notice"
		}
		properties := []string{"file=" + property.Replace(r.rel(f.File)), fmt.Sprintf("line=%d", f.Start.Line)}
		if f.End.Line > f.Start.Line {
			properties = append(properties, fmt.Sprintf("endLine=%d", f.End.Line))
		} else if f.Start.Col > 0 { // columns are valid only within one line
			properties = append(properties, fmt.Sprintf("col=%d", f.Start.Col))
			if f.End.Col > 0 {
				properties = append(properties, fmt.Sprintf("endColumn=%d", f.End.Col))
			}
		}
		properties = append(properties, "title="+property.Replace(f.Name()))
		message := f.Message
		for _, s := range f.Path {
			message += fmt.Sprintf("\n%s:%d: %s", r.rel(s.File), s.Start.Line, s.Message)
		}
		if err := w.Control("::" + command + " "); err != nil {
			return err
		}
		if _, err := fmt.Fprintf(w, "%s::%s\n", strings.Join(properties, ","), data.Replace(message)); err != nil {
			return err
		}
	}
	return nil
}

// GitLab code quality.
type gitlabFormat struct{}

type (
	gitlabIssue struct {
		Description string         `json:"description"`
		Check       string         `json:"check_name"`
		Fingerprint string         `json:"fingerprint"`
		Severity    string         `json:"severity"`
		Location    gitlabLocation `json:"location"`
	}
	gitlabLocation struct {
		Path  string      `json:"path"`
		Lines gitlabLines `json:"lines"`
	}
	gitlabLines struct {
		Begin int `json:"begin"`
		End   int `json:"end,omitempty"`
	}
)

func (gitlabFormat) Write(w *plain.Writer, r *Report) error {
	issues := []gitlabIssue{}
	for _, f := range r.shown() {
		severity := map[string]string{"error": "critical", "warning": "major", "note": "minor"}[f.Level()]
		issues = append(issues, gitlabIssue{
			Description: f.Name() + ": " + f.Message,
			Check:       f.Check,
			Fingerprint: f.Fingerprint,
			Severity:    severity,
			Location:    gitlabLocation{r.rel(f.File), gitlabLines{f.Start.Line, f.End.Line}},
		})
	}
	return WriteJSON(w, issues)
}

// Checkstyle XML.
type checkstyleFormat struct{}

type (
	checkstyleReport struct {
		XMLName xml.Name         `xml:"checkstyle"`
		Version string           `xml:"version,attr"`
		Files   []checkstyleFile `xml:"file"`
	}
	checkstyleFile struct {
		Name   string            `xml:"name,attr"`
		Errors []checkstyleError `xml:"error"`
	}
	checkstyleError struct {
		Line     int    `xml:"line,attr"`
		Column   int    `xml:"column,attr,omitempty"`
		Severity string `xml:"severity,attr"`
		Message  string `xml:"message,attr"`
		Source   string `xml:"source,attr"`
	}
)

func (checkstyleFormat) Write(w *plain.Writer, r *Report) error {
	return w.Batch(func() error { return writeCheckstyle(w, r) })
}

func writeCheckstyle(w io.Writer, r *Report) error {
	out := checkstyleReport{Version: "5.0"}
	for _, f := range r.shown() {
		name := r.rel(f.File)
		if n := len(out.Files); n == 0 || out.Files[n-1].Name != name {
			out.Files = append(out.Files, checkstyleFile{Name: name})
		}
		severity := f.Level()
		if severity == "note" {
			severity = "info"
		}
		file := &out.Files[len(out.Files)-1]
		file.Errors = append(file.Errors, checkstyleError{f.Start.Line, f.Start.Col, severity, f.Message, "killcheck." + f.Check})
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

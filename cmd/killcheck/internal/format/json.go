package format

import (
	"encoding/json"

	"github.com/killcheck/killcheck/cmd/killcheck/internal/finding"
	"github.com/killcheck/killcheck/cmd/killcheck/internal/shard"
	"github.com/killcheck/killcheck/internal/plain"
)

// jsonVersion is raised with each incompatible change of the format.
const jsonVersion = 1

// The JSON format: one object. Lines and columns count from 1, columns and
// offsets in bytes; paths are relative to the root of the repository.
type (
	jsonReport struct {
		Version     int           `json:"version"`
		Killcheck   string        `json:"killcheck"`
		Shard       *shard.Mark   `json:"shard,omitempty"`
		Findings    []jsonFinding `json:"findings"`
		NotAnalysed []jsonProblem `json:"notAnalysed,omitempty"`
	}
	jsonFinding struct {
		Check    string `json:"check"`
		Tier     string `json:"tier"`     // of the finding, core or extended: that of its check, or lower
		Severity string `json:"severity"` // error, warning or note
		Package  string `json:"package"`
		Message  string `json:"message"`
		jsonSpan
		Path        []jsonStep `json:"path,omitempty"`
		Fixes       []jsonFix  `json:"fixes,omitempty"`
		Fingerprint string     `json:"fingerprint"`
		URL         string     `json:"url,omitempty"`
	}
	jsonSpan struct {
		File      string `json:"file"`
		Line      int    `json:"line"`
		Column    int    `json:"column,omitempty"`
		EndLine   int    `json:"endLine,omitempty"`
		EndColumn int    `json:"endColumn,omitempty"`
	}
	jsonStep struct {
		Message string `json:"message"`
		jsonSpan
	}
	jsonFix struct {
		Message string     `json:"message"`
		Level   string     `json:"level"` // safe or review
		Edits   []jsonEdit `json:"edits"`
	}
	jsonEdit struct {
		File  string `json:"file"`
		Start int    `json:"start"`
		End   int    `json:"end"`
		New   string `json:"new"`
	}
	jsonProblem struct {
		Package string `json:"package"`
		Reason  string `json:"reason"`
	}
)

type jsonFormat struct{}

func (jsonFormat) Write(w *plain.Writer, r *Report) error {
	out := jsonReport{Version: jsonVersion, Killcheck: r.Version, Shard: r.Shard, Findings: []jsonFinding{}}
	for _, f := range r.shown() {
		rule := r.rule(f.Check)
		j := jsonFinding{
			Check:       f.Check,
			Tier:        f.Tier(),
			Severity:    f.Level(),
			Package:     f.Package,
			Message:     f.Message,
			jsonSpan:    r.jsonSpan(f.Span),
			Fingerprint: f.Fingerprint,
			URL:         rule.URL,
		}
		for _, s := range f.Path {
			j.Path = append(j.Path, jsonStep{s.Message, r.jsonSpan(s.Span)})
		}
		for _, fix := range f.Fixes {
			j.Fixes = append(j.Fixes, r.jsonFix(fix))
		}
		out.Findings = append(out.Findings, j)
	}
	for _, p := range r.Problems {
		out.NotAnalysed = append(out.NotAnalysed, jsonProblem(p))
	}
	return WriteJSON(w, out)
}

func (r *Report) jsonSpan(s finding.Span) jsonSpan {
	return jsonSpan{r.rel(s.File), s.Start.Line, s.Start.Col, s.End.Line, s.End.Col}
}

func (r *Report) jsonFix(fix finding.Fix) jsonFix {
	j := jsonFix{Message: fix.Message, Level: level(fix)}
	for _, e := range fix.Edits {
		j.Edits = append(j.Edits, jsonEdit{r.rel(e.File), e.Start, e.End, e.New})
	}
	return j
}

func level(fix finding.Fix) string {
	if fix.Review {
		return "review"
	}
	return "safe"
}

// WriteJSON writes a value as the formats in JSON do.
func WriteJSON(w *plain.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(v)
}

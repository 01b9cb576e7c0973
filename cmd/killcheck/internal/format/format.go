// Package format writes findings in the formats that people, editors and
// continuous integration read.
package format

import (
	"net/url"
	"path/filepath"
	"unicode/utf16"

	"github.com/killcheck/killcheck/cmd/killcheck/internal/finding"
	"github.com/killcheck/killcheck/cmd/killcheck/internal/shard"
	"github.com/killcheck/killcheck/internal/plain"
)

// A Report is everything that a format may show. The same report always gives
// the same bytes.
type Report struct {
	Version  string            // of killcheck
	Dir      string            // absolute; paths for people are relative to it
	Root     string            // absolute; the root of the repository, for paths that machines read
	Rules    []Rule            // all checks, in the order of the suite
	Findings []finding.Finding // sorted, with fingerprints
	Problems []Problem         // what could not be analysed
	Source   *finding.Source
	Shard    *shard.Mark // which part of a run it is; nil if it is all of it
	Frames   bool        // text: show code
	Color    bool        // text: in colour
}

// A Rule describes a check.
type Rule struct {
	Name    string
	Core    bool // on without being asked for; the others are opt-in
	Summary string
	Doc     string // the whole page, as Go doc comment text
	URL     string

	Precision string // as SARIF has it: very-high, high, medium, low; empty if it is not known
}

// A Problem is a package that could not be analysed.
type Problem struct {
	Package, Reason string
}

// A Format writes a report. The writer takes care of what the report holds of
// others; formats give it their own commands by [plain.Writer.Control].
type Format interface {
	Write(w *plain.Writer, r *Report) error
}

// Names returns the names of the formats.
func Names() []string {
	return []string{"text", "json", "sarif", "github", "gitlab", "checkstyle", "junit"}
}

// New returns the format of that name, or nil if there is none.
func New(name string) Format {
	switch name {
	case "text":
		return textFormat{}
	case "json":
		return jsonFormat{}
	case "sarif":
		return sarifFormat{}
	case "github":
		return githubFormat{}
	case "gitlab":
		return gitlabFormat{}
	case "checkstyle":
		return checkstyleFormat{}
	case "junit":
		return junitFormat{}
	}
	return nil
}

// TellsProblems reports whether a format has a place for what could not be
// analysed. In the others nothing found and nothing analysed look the same.
func TellsProblems(name string) bool { return name == "json" || name == "sarif" || name == "junit" }

// shown returns the findings without those of the baseline and those that a
// directive mutes.
func (r *Report) shown() []finding.Finding {
	var shown []finding.Finding
	for _, f := range r.Findings {
		if f.Counts() {
			shown = append(shown, f)
		}
	}
	return shown
}

// rule returns the description of a check; an empty one if it is unknown.
func (r *Report) rule(name string) Rule {
	for _, rule := range r.Rules {
		if rule.Name == name {
			return rule
		}
	}
	return Rule{Name: name}
}

// rel returns a path relative to the root of the repository.
func (r *Report) rel(file string) string { return finding.Relative(r.Root, file) }

// near returns a path for people: relative to the current directory if the
// file lies below it. A name with a newline does not make a new line.
func (r *Report) near(file string) string {
	return plain.Line(filepath.FromSlash(finding.Relative(r.Dir, file)))
}

// column returns a column in UTF-16 code units. It is 0 if it is unknown.
func (r *Report) column(file string, p finding.Point) int {
	if p.Col == 0 {
		return 0
	}
	line := r.Source.Line(file, p.Line)
	if p.Col-1 > len(line) {
		return p.Col
	}
	return len(utf16.Encode([]rune(line[:p.Col-1]))) + 1
}

// escape returns a slash-separated path as a URI reference.
func escape(path string) string { return (&url.URL{Path: path}).EscapedPath() }

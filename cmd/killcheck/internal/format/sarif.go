package format

import (
	"go/doc/comment"
	"net/url"
	"path/filepath"
	"slices"
	"strings"

	"github.com/killcheck/killcheck/cmd/killcheck/internal/finding"
	"github.com/killcheck/killcheck/cmd/killcheck/internal/shard"
	"github.com/killcheck/killcheck/internal/plain"
)

// SARIF 2.1.0. The structs hold what killcheck writes and no more.
type (
	sarifLog struct {
		Schema  string     `json:"$schema"`
		Version string     `json:"version"`
		Runs    []sarifRun `json:"runs"`
	}
	sarifRun struct {
		Tool        sarifTool                `json:"tool"`
		Invocations []sarifInvocation        `json:"invocations"`
		BaseIDs     map[string]sarifArtifact `json:"originalUriBaseIds"`
		Results     []sarifResult            `json:"results"`
		Automation  sarifAutomation          `json:"automationDetails"`
		ColumnKind  string                   `json:"columnKind"`
		Properties  *sarifRunTags            `json:"properties,omitempty"`
	}
	sarifRunTags struct {
		Shard *shard.Mark `json:"killcheck/shard"`
	}
	sarifTool struct {
		Driver sarifDriver `json:"driver"`
	}
	sarifDriver struct {
		Name           string      `json:"name"`
		Version        string      `json:"version,omitempty"`
		InformationURI string      `json:"informationUri"`
		Rules          []sarifRule `json:"rules"`
	}
	sarifRule struct {
		ID               string        `json:"id"`
		ShortDescription sarifText     `json:"shortDescription"`
		FullDescription  sarifText     `json:"fullDescription"`
		HelpURI          string        `json:"helpUri,omitempty"`
		Help             sarifHelp     `json:"help"`
		Configuration    sarifConfig   `json:"defaultConfiguration"`
		Properties       sarifRuleTags `json:"properties"`
	}
	sarifText struct {
		Text string `json:"text"`
	}
	sarifHelp struct {
		Text     string `json:"text"`
		Markdown string `json:"markdown"`
	}
	sarifConfig struct {
		Enabled bool   `json:"enabled"`
		Level   string `json:"level"`
	}
	sarifRuleTags struct {
		Tags      []string `json:"tags"`
		Precision string   `json:"precision,omitempty"`
		Severity  string   `json:"problem.severity"`
	}
	sarifInvocation struct {
		Successful    bool                `json:"executionSuccessful"`
		Notifications []sarifNotification `json:"toolExecutionNotifications,omitempty"`
	}
	sarifNotification struct {
		Level   string    `json:"level"`
		Message sarifText `json:"message"`
	}
	sarifAutomation struct {
		ID string `json:"id"`
	}
	sarifResult struct {
		RuleID       string             `json:"ruleId"`
		RuleIndex    int                `json:"ruleIndex"`
		Level        string             `json:"level"`
		Message      sarifText          `json:"message"`
		Locations    []sarifLocation    `json:"locations"`
		Related      []sarifLocation    `json:"relatedLocations,omitempty"`
		CodeFlows    []sarifCodeFlow    `json:"codeFlows,omitempty"`
		Fixes        []sarifFix         `json:"fixes,omitempty"`
		Fingerprints map[string]string  `json:"partialFingerprints"`
		Properties   sarifResultTags    `json:"properties"`
		Suppressions []sarifSuppression `json:"suppressions,omitempty"`
	}
	sarifResultTags struct {
		Tier string `json:"tier"` // of the finding
	}
	sarifLocation struct {
		ID       int            `json:"id,omitempty"`
		Physical sarifPhysical  `json:"physicalLocation"`
		Logical  []sarifLogical `json:"logicalLocations,omitempty"`
		Message  *sarifText     `json:"message,omitempty"`
	}
	sarifPhysical struct {
		Artifact sarifArtifact `json:"artifactLocation"`
		Region   *sarifRegion  `json:"region,omitempty"`
	}
	sarifArtifact struct {
		URI       string `json:"uri"`
		URIBaseID string `json:"uriBaseId,omitempty"`
	}
	sarifRegion struct {
		StartLine   int `json:"startLine"`
		StartColumn int `json:"startColumn,omitempty"`
		EndLine     int `json:"endLine,omitempty"`
		EndColumn   int `json:"endColumn,omitempty"`
	}
	sarifLogical struct {
		Name string `json:"fullyQualifiedName"`
		Kind string `json:"kind"`
	}
	sarifCodeFlow struct {
		ThreadFlows []sarifThreadFlow `json:"threadFlows"`
	}
	sarifThreadFlow struct {
		Locations []sarifFlowLocation `json:"locations"`
	}
	sarifFlowLocation struct {
		Location sarifLocation `json:"location"`
	}
	sarifFix struct {
		Description sarifText     `json:"description"`
		Changes     []sarifChange `json:"artifactChanges"`
	}
	sarifChange struct {
		Artifact     sarifArtifact      `json:"artifactLocation"`
		Replacements []sarifReplacement `json:"replacements"`
	}
	sarifReplacement struct {
		Deleted  sarifRegion `json:"deletedRegion"`
		Inserted *sarifText  `json:"insertedContent,omitempty"`
	}
	sarifSuppression struct {
		Kind          string `json:"kind"`
		Justification string `json:"justification"`
	}
)

const (
	sarifSchema = "https://json.schemastore.org/sarif-2.1.0.json"
	sarifHome   = "https://github.com/killcheck/killcheck"
	sarifRoot   = "%SRCROOT%"
)

type sarifFormat struct{}

func (sarifFormat) Write(w *plain.Writer, r *Report) error {
	s := &sarifWriter{Report: r}
	run := sarifRun{
		Tool: sarifTool{sarifDriver{
			Name:           "killcheck",
			Version:        strings.TrimPrefix(r.Version, "v"), // it has to begin with a number
			InformationURI: sarifHome,
			Rules:          []sarifRule{},
		}},
		Invocations: []sarifInvocation{s.invocation()},
		BaseIDs:     map[string]sarifArtifact{sarifRoot: {URI: directoryURI(r.Root)}},
		Results:     []sarifResult{},
		Automation:  sarifAutomation{"killcheck/"},
		ColumnKind:  "utf16CodeUnits",
	}
	if r.Shard != nil {
		run.Properties = &sarifRunTags{r.Shard}
	}
	for _, rule := range r.Rules {
		run.Tool.Driver.Rules = append(run.Tool.Driver.Rules, s.rule(rule))
	}
	for _, f := range r.Findings {
		run.Results = append(run.Results, s.result(f))
	}
	return WriteJSON(w, sarifLog{sarifSchema, "2.1.0", []sarifRun{run}})
}

// A sarifWriter turns the parts of a report into those of a SARIF log.
type sarifWriter struct{ *Report }

func (s *sarifWriter) rule(rule Rule) sarifRule {
	var parser comment.Parser
	var printer comment.Printer
	doc := parser.Parse(rule.Doc)
	out := sarifRule{
		ID:               rule.Name,
		ShortDescription: sarifText{rule.Summary},
		FullDescription:  sarifText{rule.Summary},
		HelpURI:          rule.URL,
		Help:             sarifHelp{string(printer.Text(doc)), string(printer.Markdown(doc))},
		Configuration:    sarifConfig{rule.Core, sarifLevel(rule.Core)},
		Properties:       sarifRuleTags{[]string{"concurrency", "goroutine"}, rule.Precision, "warning"},
	}
	if !rule.Core {
		out.Properties.Severity = "recommendation"
	}
	return out
}

// sarifLevel returns the level of a tier.
func sarifLevel(core bool) string {
	if core {
		return "warning"
	}
	return "note"
}

func (s *sarifWriter) invocation() sarifInvocation {
	out := sarifInvocation{Successful: len(s.Problems) == 0}
	for _, p := range s.Problems {
		out.Notifications = append(out.Notifications, sarifNotification{
			Level:   "error",
			Message: sarifText{p.Package + " was not analysed: " + p.Reason},
		})
	}
	return out
}

func (s *sarifWriter) result(f finding.Finding) sarifResult {
	at := s.location(f.Span)
	at.Logical = []sarifLogical{{f.Package, "package"}}
	out := sarifResult{
		RuleID:       f.Check,
		RuleIndex:    slices.IndexFunc(s.Rules, func(r Rule) bool { return r.Name == f.Check }),
		Level:        f.Level(),
		Message:      sarifText{f.Message},
		Locations:    []sarifLocation{at},
		Fingerprints: map[string]string{"killcheck/v1": f.Fingerprint},
		Properties:   sarifResultTags{f.Tier()},
	}
	var flow []sarifFlowLocation
	for i, step := range f.Path {
		at := s.location(step.Span)
		at.Message = &sarifText{step.Message}
		flow = append(flow, sarifFlowLocation{at})
		at.ID = i + 1
		out.Related = append(out.Related, at)
	}
	if len(flow) > 0 {
		end := s.location(f.Span)
		end.Message = &sarifText{f.Message}
		flow = append(flow, sarifFlowLocation{end})
		out.CodeFlows = []sarifCodeFlow{{[]sarifThreadFlow{{flow}}}}
	}
	for _, fix := range f.Fixes {
		if made, ok := s.fix(fix); ok {
			out.Fixes = append(out.Fixes, made)
		}
	}
	if f.Muted != "" {
		out.Suppressions = append(out.Suppressions, sarifSuppression{"inSource", f.Muted})
	}
	if f.Baselined {
		out.Suppressions = append(out.Suppressions, sarifSuppression{"external", "known from the baseline"})
	}
	return out
}

func (s *sarifWriter) location(span finding.Span) sarifLocation {
	return sarifLocation{Physical: sarifPhysical{s.artifact(span.File), s.region(span)}}
}

func (s *sarifWriter) artifact(file string) sarifArtifact {
	rel := s.rel(file)
	if filepath.IsAbs(filepath.FromSlash(rel)) {
		return sarifArtifact{URI: fileURI(rel)}
	}
	return sarifArtifact{escape(rel), sarifRoot}
}

// region returns nil if the line is unknown.
func (s *sarifWriter) region(span finding.Span) *sarifRegion {
	if span.Start.Line == 0 {
		return nil
	}
	r := &sarifRegion{StartLine: span.Start.Line, StartColumn: s.column(span.File, span.Start)}
	if span.End.Line > 0 {
		r.EndLine, r.EndColumn = span.End.Line, s.column(span.File, span.End)
	}
	return r
}

// fix reports false if the text of a file is not known.
func (s *sarifWriter) fix(fix finding.Fix) (sarifFix, bool) {
	out := sarifFix{Description: sarifText{fix.Message + " (" + level(fix) + ")"}}
	for _, e := range fix.Edits {
		start, end := s.Source.Point(e.File, e.Start), s.Source.Point(e.File, e.End)
		if start.Line == 0 || end.Line == 0 {
			return sarifFix{}, false
		}
		replacement := sarifReplacement{Deleted: *s.region(finding.Span{File: e.File, Start: start, End: end})}
		if e.New != "" {
			replacement.Inserted = &sarifText{e.New}
		}
		artifact := s.artifact(e.File)
		i := slices.IndexFunc(out.Changes, func(c sarifChange) bool { return c.Artifact == artifact })
		if i < 0 {
			i = len(out.Changes)
			out.Changes = append(out.Changes, sarifChange{Artifact: artifact})
		}
		out.Changes[i].Replacements = append(out.Changes[i].Replacements, replacement)
	}
	return out, len(out.Changes) > 0
}

func directoryURI(dir string) string { return fileURI(filepath.ToSlash(dir) + "/") }

func fileURI(path string) string {
	if path[0] != '/' {
		path = "/" + path // a drive letter
	}
	return (&url.URL{Scheme: "file", Path: path}).String()
}

package merge

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/killcheck/killcheck/cmd/killcheck/internal/format"
	"github.com/killcheck/killcheck/cmd/killcheck/internal/shard"
	"github.com/killcheck/killcheck/internal/plain"
	"github.com/killcheck/killcheck/internal/regular"
)

// Here stand the frames of the formats in JSON. What is inside of a finding stays as
// it is, to the byte, and only the words by which findings are arranged are read.

// parseJSON reads a file in JSON, whichever of the formats it is.
func parseJSON(in Input) (document, string, error) {
	var keys map[string]json.RawMessage
	if err := regular.Unmarshal(in.Name, in.Text, &keys); err != nil {
		return nil, "", err
	}
	has := func(key string) bool { _, ok := keys[key]; return ok }
	switch {
	case has("runs"):
		doc := new(sarifLog)
		if err := regular.Unmarshal(in.Name, in.Text, doc); err != nil {
			return nil, "", err
		}
		if len(doc.Runs) != 1 || doc.Runs[0] == nil {
			return nil, "", fmt.Errorf("%s:1: %d runs, want one", in.Name, len(doc.Runs))
		}
		return doc, "SARIF", doc.Runs[0].arrange(in)
	case has("killcheck"):
		doc := new(jsonReport)
		if err := regular.Unmarshal(in.Name, in.Text, doc); err != nil {
			return nil, "", err
		}
		var err error
		if doc.findings, err = elements(in, doc.Findings, inFile); err != nil {
			return nil, "", err
		}
		doc.problems, err = elements(in, doc.NotAnalysed, func(p *Problem) string {
			doc.told = append(doc.told, *p)
			return p.Package
		})
		return doc, "JSON", err
	case has("version") && has("findings"):
		doc := new(baseline)
		if err := regular.Unmarshal(in.Name, in.Text, doc); err != nil {
			return nil, "", err
		}
		var err error
		doc.findings, err = elements(in, doc.Findings, inFile)
		return doc, "a baseline", err
	}
	return nil, "", fmt.Errorf("%s:1: %w", in.Name, errFrame)
}

func inFile(v *struct{ File string }) string { return v.File }

// elements reads by which word each part of a list is arranged.
func elements[V any](in Input, raw []json.RawMessage, by func(*V) string) ([]element[json.RawMessage], error) {
	all := make([]element[json.RawMessage], len(raw))
	for i, r := range raw {
		v := new(V)
		if err := json.Unmarshal(r, v); err != nil {
			return nil, fmt.Errorf("%s:%d: %w", in.Name, lineOf(in.Text, r), err)
		}
		all[i] = element[json.RawMessage]{by(v), r}
	}
	return all, nil
}

// lineOf returns the line in which a part of a text begins.
func lineOf(text, part []byte) int {
	return regular.Line(text, int64(max(bytes.Index(text, part), 0)))
}

func filesOf[T any](all []element[T]) []string {
	var names []string
	for _, e := range all {
		names = append(names, e.by)
	}
	return slices.Compact(names)
}

// written returns what [format.WriteJSON] writes.
func written(v any) ([]byte, error) {
	var out bytes.Buffer
	err := format.WriteJSON(plain.NewWriter(&out), v)
	return out.Bytes(), err
}

// jsonReport is the format json.
type jsonReport struct {
	Version     int               `json:"version"`
	Killcheck   string            `json:"killcheck"`
	Shard       *shard.Mark       `json:"shard,omitempty"`
	Findings    []json.RawMessage `json:"findings"`
	NotAnalysed []json.RawMessage `json:"notAnalysed,omitempty"`

	findings, problems []element[json.RawMessage]
	told               []Problem
}

func (d *jsonReport) mark() *shard.Mark      { return d.Shard }
func (d *jsonReport) files() []string        { return filesOf(d.findings) }
func (d *jsonReport) write() ([]byte, error) { return written(d) }

func (d *jsonReport) frame() []part {
	return []part{{"versions of the format", fmt.Sprint(d.Version)}, {"versions of killcheck", d.Killcheck}}
}

func (d *jsonReport) merge(shards []document) document {
	whole := &jsonReport{Version: d.Version, Killcheck: d.Killcheck}
	var findings, problems [][]element[json.RawMessage]
	for _, s := range shards {
		s := s.(*jsonReport)
		findings, problems = append(findings, s.findings), append(problems, s.problems)
		whole.told = append(whole.told, s.told...)
	}
	whole.Findings, whole.NotAnalysed = arranged(findings), arranged(problems)
	return whole
}

func (d *jsonReport) count() (int, []Problem) { return len(d.Findings), d.told }

// baseline is that of -baseline-write.
type baseline struct {
	Version  int               `json:"version"`
	Shard    *shard.Mark       `json:"shard,omitempty"`
	Findings []json.RawMessage `json:"findings"`

	findings []element[json.RawMessage]
}

func (d *baseline) mark() *shard.Mark { return d.Shard }
func (d *baseline) files() []string   { return filesOf(d.findings) }
func (d *baseline) frame() []part {
	return []part{{"versions of the format", fmt.Sprint(d.Version)}}
}

func (d *baseline) write() ([]byte, error) {
	data, err := json.MarshalIndent(d, "", "\t")
	return append(data, '\n'), err
}

func (d *baseline) merge(shards []document) document {
	var all [][]element[json.RawMessage]
	for _, s := range shards {
		all = append(all, s.(*baseline).findings)
	}
	return &baseline{Version: d.Version, Findings: arranged(all)}
}

// count returns nothing: to write a baseline does not fail.
func (d *baseline) count() (int, []Problem) { return 0, nil }

// SARIF, as far as it matters here.
type (
	sarifLog struct {
		Schema  string      `json:"$schema"`
		Version string      `json:"version"`
		Runs    []*sarifRun `json:"runs"`
	}
	sarifRun struct {
		Tool        json.RawMessage   `json:"tool"`
		Invocations []sarifInvocation `json:"invocations"`
		BaseIDs     json.RawMessage   `json:"originalUriBaseIds"`
		Results     []json.RawMessage `json:"results"`
		Automation  json.RawMessage   `json:"automationDetails"`
		ColumnKind  string            `json:"columnKind"`
		Properties  *sarifProperties  `json:"properties,omitempty"`

		findings, problems []element[json.RawMessage]
		told               []Problem
		suppressed         int
	}
	sarifInvocation struct {
		Successful    bool              `json:"executionSuccessful"`
		Notifications []json.RawMessage `json:"toolExecutionNotifications,omitempty"`
	}
	sarifNotification struct {
		Message struct{ Text string }
	}
	sarifProperties struct {
		Shard *shard.Mark `json:"killcheck/shard"`
	}
	sarifResult struct {
		Locations []struct {
			PhysicalLocation struct {
				ArtifactLocation struct{ URI, URIBaseID string }
			}
		}
		Suppressions []json.RawMessage
	}
)

// arrange reads the results of a run.
func (r *sarifRun) arrange(in Input) error {
	if len(r.Invocations) != 1 {
		return fmt.Errorf("%s:1: %d invocations, want one", in.Name, len(r.Invocations))
	}
	var err error
	r.findings, err = elements(in, r.Results, func(v *sarifResult) string {
		if len(v.Suppressions) > 0 {
			r.suppressed++
		}
		if len(v.Locations) == 0 {
			return ""
		}
		at := v.Locations[0].PhysicalLocation.ArtifactLocation
		return path(at.URI, at.URIBaseID != "")
	})
	if err != nil {
		return err
	}
	r.problems, err = elements(in, r.Invocations[0].Notifications, func(n *sarifNotification) string {
		name, reason, _ := strings.Cut(n.Message.Text, " was not analysed: ")
		r.told = append(r.told, Problem{name, reason})
		return name
	})
	return err
}

// path returns the path that a URI stands for, as other formats have it.
func path(uri string, relative bool) string {
	text := uri
	if !relative {
		text = strings.TrimPrefix(uri, "file://")
	}
	name, err := url.PathUnescape(text)
	if err != nil {
		return uri
	}
	if !relative && len(name) > 2 && name[2] == ':' {
		name = name[1:] // a drive letter
	}
	return name
}

func (d *sarifLog) mark() *shard.Mark {
	if d.Runs[0].Properties == nil {
		return nil
	}
	return d.Runs[0].Properties.Shard
}

func (d *sarifLog) files() []string        { return filesOf(d.Runs[0].findings) }
func (d *sarifLog) write() ([]byte, error) { return written(d) }

// frame leaves out where the repository lies, which may differ among machines. That
// of the first shard counts.
func (d *sarifLog) frame() []part {
	r := d.Runs[0]
	return []part{{"versions of SARIF", d.Schema + d.Version}, {"tools", string(r.Tool)}, {"categories", string(r.Automation)}, {"columns", r.ColumnKind}}
}

func (d *sarifLog) merge(shards []document) document {
	first := d.Runs[0]
	run := &sarifRun{
		Tool: first.Tool, BaseIDs: first.BaseIDs, Automation: first.Automation, ColumnKind: first.ColumnKind,
		Invocations: []sarifInvocation{{Successful: true}},
	}
	var findings, problems [][]element[json.RawMessage]
	for _, s := range shards {
		r := s.(*sarifLog).Runs[0]
		findings, problems = append(findings, r.findings), append(problems, r.problems)
		run.told = append(run.told, r.told...)
		run.suppressed += r.suppressed
		run.Invocations[0].Successful = run.Invocations[0].Successful && r.Invocations[0].Successful
	}
	run.Results, run.Invocations[0].Notifications = arranged(findings), arranged(problems)
	return &sarifLog{Schema: d.Schema, Version: d.Version, Runs: []*sarifRun{run}}
}

func (d *sarifLog) count() (int, []Problem) {
	r := d.Runs[0]
	return len(r.Results) - r.suppressed, r.told
}

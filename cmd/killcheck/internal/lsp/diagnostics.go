package lsp

import "encoding/json"

const (
	source          = "killcheck"
	severityError   = 1
	severityWarning = 2
	severityInfo    = 3
)

type diagnostic struct {
	Range           Range            `json:"range"`
	Severity        int              `json:"severity"`
	Code            string           `json:"code"`
	CodeDescription *codeDescription `json:"codeDescription,omitempty"`
	Source          string           `json:"source"`
	Message         string           `json:"message"`
	Related         []relatedInfo    `json:"relatedInformation,omitempty"`
}

type codeDescription struct {
	Href string `json:"href"`
}

type relatedInfo struct {
	Location location `json:"location"`
	Message  string   `json:"message"`
}

type location struct {
	URI   string `json:"uri"`
	Range Range  `json:"range"`
}

// published is what gopls last published for a file.
type published struct {
	uri    string
	params map[string]json.RawMessage
	list   []*goplsDiagnostic
	moved  bool // the document has changed since
}

// goplsDiagnostic is kept as text; only its range is known.
type goplsDiagnostic struct {
	text  json.RawMessage
	at    Range
	moved bool // at is no longer the range in text
}

func newPublished(params json.RawMessage) (*published, error) {
	p := &published{}
	if err := json.Unmarshal(params, &p.params); err != nil {
		return nil, err
	}
	var known struct {
		URI         string            `json:"uri"`
		Diagnostics []json.RawMessage `json:"diagnostics"`
	}
	if err := json.Unmarshal(params, &known); err != nil {
		return nil, err
	}
	p.uri = known.URI
	for _, text := range known.Diagnostics {
		var ranged struct {
			Range Range `json:"range"`
		}
		if err := json.Unmarshal(text, &ranged); err != nil {
			return nil, err
		}
		p.list = append(p.list, &goplsDiagnostic{text: text, at: ranged.Range})
	}
	return p, nil
}

// shift moves the diagnostics of gopls, so that publishing them again shows
// them where they belong. One that the edit overlaps stays where it is until
// gopls itself takes it back.
func (p *published) shift(e edit) {
	p.moved = true
	for _, d := range p.list {
		at, _ := e.shift(d.at)
		d.moved = d.moved || at != d.at
		d.at = at
	}
}

func (d *goplsDiagnostic) encoded() json.RawMessage {
	if !d.moved {
		return d.text
	}
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(d.text, &fields); err != nil {
		return d.text // cannot be: it was decoded before
	}
	fields["range"] = encode(d.at)
	return encode(fields)
}

// diagnostics gives our findings in a file for the editor. The caller holds c.mu.
func (c *core) diagnostics(path string) []diagnostic {
	list := []diagnostic{}
	for _, p := range c.own[path] {
		list = append(list, c.diagnostic(p))
	}
	return list
}

func (c *core) diagnostic(p *placed) diagnostic {
	d := diagnostic{
		Range:    p.at,
		Severity: severityWarning,
		Code:     p.Check,
		Source:   source,
		Message:  p.Message,
	}
	switch p.Level() {
	case "error":
		d.Severity = severityError
	case "note":
		d.Severity = severityInfo
	}
	if href := c.Link(p.Check); href != "" {
		d.CodeDescription = &codeDescription{href}
	}
	if c.features.related {
		for _, step := range p.related {
			d.Related = append(d.Related, relatedInfo{location{c.uri(step.path), step.at}, step.message})
		}
	}
	return d
}

// merged gives the parameters of publishDiagnostics for a file: what gopls last
// published, and what we found. ok is false if nothing of ours is or was there.
func (c *core) merged(path string) (params any, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	list := []json.RawMessage{}
	fields := map[string]json.RawMessage{}
	g := c.gopls[path]
	if g != nil {
		for name, value := range g.params {
			fields[name] = value
		}
		for _, d := range g.list {
			list = append(list, d.encoded())
		}
	}
	ours := 0
	if !c.pullsOnly(path) {
		for _, d := range c.diagnostics(path) {
			list = append(list, encode(d))
			ours++
		}
	}
	if ours == 0 && !c.shown[path] {
		return nil, false
	}
	c.shown[path] = ours > 0
	fields["uri"] = encode(c.uri(path))
	fields["diagnostics"] = encode(list)
	if doc := c.docs[path]; doc != nil && (g == nil || g.moved) {
		fields["version"] = encode(doc.version)
	}
	return fields, true
}

// pullsOnly reports whether our findings in a file reach the editor by its own
// requests. Then they are not published as well, or it would show them twice.
// An editor that cannot be told to ask again would never see what a later
// analysis finds; it gets them published and not in the answers.
func (c *core) pullsOnly(path string) bool { return c.pulled[path] && c.features.refresh }

// maxPulled is of how many files it is kept that the editor asks for their
// diagnostics. The others get them published.
const maxPulled = 1 << 16

// notePull keeps that the editor asks for the diagnostics of a file.
func (c *core) notePull(path string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.pulled) < maxPulled {
		c.pulled[path] = true
	}
}

// pull completes the answer to textDocument/diagnostic. ok is false if the
// answer stays as it is.
func (c *core) pull(uri string, result json.RawMessage) (merged any, ok bool) {
	path := pathOf(uri)
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(result, &fields); err != nil || fields["items"] == nil {
		return nil, false // unchanged, or not a report
	}
	var items []json.RawMessage
	if err := json.Unmarshal(fields["items"], &items); err != nil {
		return nil, false
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.pullsOnly(path) {
		return nil, false
	}
	if items == nil {
		items = []json.RawMessage{}
	}
	for _, d := range c.diagnostics(path) {
		items = append(items, encode(d))
	}
	fields["items"] = encode(items)
	fields["kind"] = encode("full")
	delete(fields, "resultId") // it names the list without our part
	return fields, true
}

package lsp

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/killcheck/killcheck/internal/plain"
)

type markup struct {
	Kind  string `json:"kind"`
	Value string `json:"value"`
}

// explain gives the text about the findings at a position, or "".
func (c *core) explain(params documentParams) string {
	path := pathOf(params.TextDocument.URI)
	c.mu.Lock()
	defer c.mu.Unlock()
	var parts []string
	for _, p := range c.own[path] {
		if p.at.touches(Range{params.Position, params.Position}) {
			parts = append(parts, c.explanation(p))
		}
	}
	return strings.Join(parts, "\n\n---\n\n")
}

// explanation is the message, the way to it, the fixes, and what the check says
// of itself.
func (c *core) explanation(p *placed) string {
	var b strings.Builder
	fmt.Fprintf(&b, "**killcheck %s**: %s\n", p.Check, p.Message)
	for i, step := range p.related {
		if i == 0 {
			b.WriteString("\n")
		}
		fmt.Fprintf(&b, "%d. %s (%s:%d)\n", i+1, step.message, plain.Line(filepath.Base(step.path)), step.at.Start.Line+1)
	}
	for i, fix := range p.fixes {
		if i == 0 {
			b.WriteString("\n")
		}
		level := "safe fix"
		if !fix.safe {
			level = "fix to review"
		}
		fmt.Fprintf(&b, "- %s: %s\n", level, strings.TrimSuffix(fix.title, reviewSuffix))
	}
	if doc := c.Explain(p.Check); doc != "" {
		b.WriteString("\n" + strings.TrimSpace(doc) + "\n")
	}
	if href := c.Link(p.Check); href != "" {
		fmt.Fprintf(&b, "\n[%s](%s)\n", p.Check, href)
	}
	return b.String()
}

func (c *core) markupKind() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.features.markdown {
		return "markdown"
	}
	return "plaintext"
}

// hover puts a text into the answer to a hover request, above what gopls says.
// ok is false if the answer stays as it is.
func (c *core) hover(text string, result json.RawMessage) (merged any, ok bool) {
	if text == "" {
		return nil, false
	}
	fields := map[string]json.RawMessage{}
	if len(result) > 0 {
		if err := json.Unmarshal(result, &fields); err != nil {
			return nil, false
		}
	}
	if fields == nil {
		fields = map[string]json.RawMessage{}
	}
	if theirs := hoverText(fields["contents"]); theirs != "" {
		text += "\n\n---\n\n" + theirs
	}
	fields["contents"] = encode(markup{c.markupKind(), text})
	return fields, true
}

// hoverText reads the forms that the contents of a hover can have: markup, a
// string, code with its language, or a list of the last two.
func hoverText(contents json.RawMessage) string {
	var plain string
	if json.Unmarshal(contents, &plain) == nil {
		return plain
	}
	var one struct {
		Value    string `json:"value"`
		Language string `json:"language"`
	}
	if json.Unmarshal(contents, &one) == nil {
		if one.Language != "" {
			return "```" + one.Language + "\n" + one.Value + "\n```"
		}
		return one.Value
	}
	var list []json.RawMessage
	if json.Unmarshal(contents, &list) != nil {
		return ""
	}
	var parts []string
	for _, part := range list {
		parts = append(parts, hoverText(part))
	}
	return strings.Join(parts, "\n\n")
}

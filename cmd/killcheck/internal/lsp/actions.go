package lsp

import (
	"encoding/json"
	"sort"
	"strings"

	"github.com/killcheck/killcheck/cmd/killcheck/internal/ignore"
)

const quickFix = "quickfix"

type codeAction struct {
	Title       string        `json:"title"`
	Kind        string        `json:"kind"`
	Diagnostics []diagnostic  `json:"diagnostics"`
	Preferred   bool          `json:"isPreferred,omitempty"`
	Edit        workspaceEdit `json:"edit"`
}

type workspaceEdit struct {
	Changes         map[string][]textEdit `json:"changes,omitempty"`
	DocumentChanges []documentEdit        `json:"documentChanges,omitempty"`
}

type documentEdit struct {
	TextDocument struct {
		URI     string `json:"uri"`
		Version *int   `json:"version"` // null for a file that is not open
	} `json:"textDocument"`
	Edits []textEdit `json:"edits"`
}

// actions gives every fix of the findings that a range touches: the safe ones
// first, the best of each finding marked as preferred.
func (c *core) actions(params documentParams) []codeAction {
	if !wants(params.Context.Only, quickFix) {
		return nil
	}
	path := pathOf(params.TextDocument.URI)
	c.mu.Lock()
	defer c.mu.Unlock()
	type ranked struct {
		action codeAction
		safe   bool
	}
	var all []ranked
	for _, p := range c.own[path] {
		if !p.at.touches(params.Range) {
			continue
		}
		for i, fix := range p.fixes {
			all = append(all, ranked{codeAction{
				Title:       fix.title,
				Kind:        quickFix,
				Diagnostics: []diagnostic{c.diagnostic(p)},
				Preferred:   fix.safe && i == 0,
				Edit:        c.edit(fix),
			}, fix.safe})
		}
	}
	sort.SliceStable(all, func(i, j int) bool { return all[i].safe && !all[j].safe })
	var actions []codeAction
	for _, r := range all {
		actions = append(actions, r.action)
	}
	for _, p := range c.own[path] {
		if p.at.touches(params.Range) {
			actions = append(actions, c.ignoring(path, p)...)
		}
	}
	return actions
}

// ignoring offers a comment that hides a finding. It has no effect before the user
// has written the reason, for which the comment ends, or has a place to fill.
func (c *core) ignoring(path string, p *placed) []codeAction {
	doc := c.docs[path]
	if doc == nil || c.Ignorable == nil || !c.Ignorable(p.Check) {
		return nil
	}
	place, ok := ignore.At(doc.text, p.at.Start.Line+1)
	if !ok {
		return nil
	}
	at := positionOf(doc.text, place.Offset)
	edit := textEdit{Range: Range{at, at}, NewText: place.Text(ignore.Comment([]string{p.Check}, ""))}
	if c.features.snippets && c.features.documentChanges {
		edit.NewText, edit.snippet = place.Text(ignore.Comment([]string{p.Check}, "$1")), true
	}
	return []codeAction{{
		Title:       "Ignore " + p.Check + " here, because …",
		Kind:        quickFix,
		Diagnostics: []diagnostic{c.diagnostic(p)},
		Edit:        c.edit(placedFix{files: []fileEdits{{path, []textEdit{edit}}}}),
	}}
}

// wants reports whether a request for some kinds of action asks for this one.
// No kinds means all; a kind includes those below it.
func wants(only []string, kind string) bool {
	for _, o := range only {
		if o == "" || o == kind || strings.HasPrefix(kind, o+".") {
			return true
		}
	}
	return len(only) == 0
}

func (c *core) edit(fix placedFix) workspaceEdit {
	var w workspaceEdit
	for _, file := range fix.files {
		uri := c.uri(file.path)
		if !c.features.documentChanges {
			if w.Changes == nil {
				w.Changes = make(map[string][]textEdit)
			}
			w.Changes[uri] = append(w.Changes[uri], file.edits...)
			continue
		}
		var d documentEdit
		d.TextDocument.URI = uri
		if doc := c.docs[file.path]; doc != nil {
			version := doc.version
			d.TextDocument.Version = &version
		}
		d.Edits = file.edits
		w.DocumentChanges = append(w.DocumentChanges, d)
	}
	return w
}

// addActions puts our actions before those of gopls, whose list also holds
// refactorings that fit everywhere. ok is false if the answer stays as it is.
func addActions(ours []codeAction, result json.RawMessage) (merged []json.RawMessage, ok bool) {
	if len(ours) == 0 {
		return nil, false
	}
	var theirs []json.RawMessage
	if len(result) > 0 {
		if err := json.Unmarshal(result, &theirs); err != nil {
			return nil, false
		}
	}
	for _, a := range ours {
		merged = append(merged, encode(a))
	}
	return append(merged, theirs...), true
}

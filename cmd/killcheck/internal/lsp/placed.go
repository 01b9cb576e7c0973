package lsp

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"sort"

	"github.com/killcheck/killcheck/cmd/killcheck/internal/finding"
	"github.com/killcheck/killcheck/internal/plain"
)

// A placed finding has its place in the text that the editor shows.
type placed struct {
	finding.Finding
	at      Range
	related []placedStep
	fixes   []placedFix
}

type placedStep struct {
	path    string
	at      Range
	message string
}

type placedFix struct {
	title string
	safe  bool
	files []fileEdits
}

type fileEdits struct {
	path  string
	edits []textEdit
}

type textEdit struct {
	Range   Range  `json:"range"`
	NewText string `json:"newText"`
	snippet bool   // NewText has placeholders, which the editor has to know
}

// MarshalJSON gives an edit with placeholders the form that it has since LSP 3.18.
func (e textEdit) MarshalJSON() ([]byte, error) {
	if !e.snippet {
		type plainly textEdit
		return json.Marshal(plainly(e))
	}
	return json.Marshal(map[string]any{"range": e.Range, "snippet": map[string]string{"kind": "snippet", "value": e.NewText}})
}

// A reader gives the texts that a run has seen: those of the editor, and of the Go
// files in the directory of the package. Findings name other files, too, which are
// not opened.
type reader struct{ *finding.Source }

func newReader(dir string, texts map[string]string) reader {
	analysed := make(finding.Listing)
	entries, err := os.ReadDir(dir)
	if err != nil {
		entries = nil // the directory is gone: nothing is known
	}
	var names []string
	for _, entry := range entries {
		if filepath.Ext(entry.Name()) == ".go" {
			names = append(names, entry.Name())
		}
	}
	analysed.Add(dir, names...)
	source := finding.NewSource(analysed, nil)
	for path, text := range texts {
		source.Set(path, text)
	}
	return reader{source}
}

// text gives the text of a file, or nothing: then everything lies at its start.
func (r reader) text(path string) string {
	text, _ := r.Text(path)
	return text
}

// known reports whether the texts are known that a fix would change.
func (r reader) known(fix finding.Fix) bool {
	for _, e := range fix.Edits {
		if _, ok := r.Text(e.File); !ok {
			return false
		}
	}
	return len(fix.Edits) > 0
}

// place turns bytes into positions, by the texts of the run on a directory. What
// others wrote in the words of a finding is made safe here, since an editor may pass
// them to a terminal.
func (c *core) place(dir string, findings []finding.Finding, texts map[string]string) map[string][]*placed {
	r := newReader(dir, texts)
	byPath := make(map[string][]*placed)
	for _, f := range findings {
		f.Message = plain.Text(f.Message)
		p := &placed{Finding: f, at: r.span(f.Span)}
		for _, step := range f.Path {
			p.related = append(p.related, placedStep{step.File, r.span(step.Span), plain.Text(step.Message)})
		}
		for _, fix := range f.Fixes {
			if r.known(fix) {
				p.fixes = append(p.fixes, r.fix(fix))
			}
		}
		// Stable, so that the order of the checks stays within a level.
		sort.SliceStable(p.fixes, func(i, j int) bool { return p.fixes[i].safe && !p.fixes[j].safe })
		byPath[f.File] = append(byPath[f.File], p)
	}
	for _, list := range byPath {
		sort.SliceStable(list, func(i, j int) bool { return list[i].at.Start.before(list[j].at.Start) })
	}
	return byPath
}

// span gives the range of a finding. Without an end it is the identifier or
// keyword at the start, so that there is something to see.
func (r reader) span(s finding.Span) Range {
	text := r.text(s.File)
	start := positionAt(text, s.Start.Line, s.Start.Col)
	if s.End.Line > 0 {
		if end := positionAt(text, s.End.Line, s.End.Col); start.before(end) {
			return Range{start, end}
		}
	}
	at := offsetOf(text, start)
	end := at
	for end < len(text) && isWord(text[end]) {
		end++
	}
	return Range{start, Position{start.Line, start.Character + utf16Length(text[at:end])}}
}

func isWord(b byte) bool {
	return b == '_' || b >= 0x80 || '0' <= b && b <= '9' || 'a' <= b && b <= 'z' || 'A' <= b && b <= 'Z'
}

// reviewSuffix ends the title of a fix that a person has to look at.
const reviewSuffix = " (review)"

func (r reader) fix(fix finding.Fix) placedFix {
	p := placedFix{title: plain.Text(fix.Message), safe: !fix.Review}
	if fix.Review {
		p.title += reviewSuffix
	}
	index := make(map[string]int)
	for _, e := range fix.Edits {
		i, ok := index[e.File]
		if !ok {
			i = len(p.files)
			index[e.File] = i
			p.files = append(p.files, fileEdits{path: e.File})
		}
		text := r.text(e.File)
		p.files[i].edits = append(p.files[i].edits, textEdit{
			Range:   Range{positionOf(text, e.Start), positionOf(text, e.End)},
			NewText: e.New,
		})
	}
	return p
}

// replace puts the findings of a run in the place of those that were known in
// the files it has seen, and gives the files concerned. The caller holds c.mu.
func (c *core) replace(req Request, byPath map[string][]*placed) []string {
	var paths []string
	for path := range c.own {
		if filepath.Dir(path) == req.Dir && !slices.Contains(req.Hidden, path) {
			if _, again := byPath[path]; !again {
				paths = append(paths, path)
			}
			delete(c.own, path)
		}
	}
	for path, list := range byPath {
		c.own[path] = list
		paths = append(paths, path)
	}
	return paths
}

// shift moves what is known of a document with its text and gives the files
// whose diagnostics changed. Findings that an edit overlaps are dropped, and so
// are all fixes that would write to the document. The caller holds c.mu.
func (c *core) shift(path string, edits []edit, whole bool) []string {
	if len(edits) == 0 && !whole {
		return nil
	}
	changed := len(c.own[path]) > 0
	if whole {
		delete(c.own, path)
	}
	for _, e := range edits {
		kept := c.own[path][:0]
		for _, p := range c.own[path] {
			if at, ok := e.shift(p.at); ok {
				p.at = at
				kept = append(kept, p)
			}
		}
		c.own[path] = kept
		if g := c.gopls[path]; g != nil {
			g.shift(e)
		}
	}
	for _, list := range c.own {
		for _, p := range list {
			p.shiftSteps(path, edits, whole)
		}
	}
	c.dropFixes(path)
	if !changed {
		return nil
	}
	return []string{path}
}

// shiftSteps moves related positions. One that an edit overlaps stays: it only
// points somewhere.
func (p *placed) shiftSteps(path string, edits []edit, whole bool) {
	for i := range p.related {
		step := &p.related[i]
		if step.path != path || whole {
			continue
		}
		for _, e := range edits {
			step.at, _ = e.shift(step.at)
		}
	}
}

// dropFixes removes the fixes that would write to a document that has changed
// since they were made. The caller holds c.mu.
func (c *core) dropFixes(path string) {
	for _, list := range c.own {
		for _, p := range list {
			kept := p.fixes[:0]
			for _, fix := range p.fixes {
				if !fix.writes(path) {
					kept = append(kept, fix)
				}
			}
			p.fixes = kept
		}
	}
}

func (f *placedFix) writes(path string) bool {
	for _, file := range f.files {
		if file.path == path {
			return true
		}
	}
	return false
}

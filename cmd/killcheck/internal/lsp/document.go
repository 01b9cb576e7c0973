package lsp

import (
	"fmt"
	"path/filepath"

	"github.com/killcheck/killcheck/cmd/killcheck/internal/finding"
	"github.com/killcheck/killcheck/internal/regular"
)

// maxDocuments is how much text, in bytes, the open documents may have together.
const maxDocuments = 256 << 20

// A document is a file that the editor holds open.
type document struct {
	uri      string // as the editor writes it
	path     string
	language string
	version  int
	text     string
}

// apply makes the changes of one didChange notification and gives them as
// edits, each in terms of the text that the one before it left. A change
// without a range replaces everything; whole is then true.
func (d *document) apply(version int, changes []contentChange) (edits []edit, whole bool) {
	for _, c := range changes {
		if c.Range == nil {
			if c.Text != d.text {
				edits, whole = nil, true
			}
			d.text = c.Text
			continue
		}
		start := offsetOf(d.text, c.Range.Start)
		end := max(start, offsetOf(d.text, c.Range.End))
		edits = append(edits, newEdit(*c.Range, c.Text))
		d.text = d.text[:start] + c.Text + d.text[end:]
	}
	d.version = version
	return edits, whole
}

// size is about what a document takes, in bytes.
func (d *document) size() int { return len(d.text) + len(d.uri) + len(d.language) + 256 }

// bound forgets a document that has become too large, or one too many. Then the file
// on the disk counts, as for one that is not open. It returns the words for the user,
// or nothing. The caller holds c.mu.
func (c *core) bound(doc *document) string {
	all := 0
	for _, d := range c.docs {
		all += d.size()
	}
	why := ""
	switch {
	case doc.size() > finding.MaxSource:
		why = "it is larger than " + regular.Size(finding.MaxSource)
	case all > maxDocuments:
		why = "the open files are larger than " + regular.Size(maxDocuments)
	default:
		return ""
	}
	delete(c.docs, doc.path)
	return fmt.Sprintf("killcheck does not follow what is edited in %s: %s", filepath.Base(doc.path), why)
}

package lsp

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

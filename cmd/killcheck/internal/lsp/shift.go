package lsp

import "strings"

// An edit replaces a range of a document by text.
type edit struct {
	at  Range
	end Position // where the new text ends
}

func newEdit(at Range, text string) edit {
	end := at.Start
	if i := strings.LastIndexByte(text, '\n'); i >= 0 {
		end.Line += strings.Count(text, "\n")
		end.Character = utf16Length(text[i+1:])
	} else {
		end.Character += utf16Length(text)
	}
	return edit{at, end}
}

// position moves a position that lies at or behind the replaced range.
func (e edit) position(p Position) Position {
	if p.Line == e.at.End.Line {
		p.Character += e.end.Character - e.at.End.Character
	}
	p.Line += e.end.Line - e.at.End.Line
	return p
}

// shift moves a range with the text around it. It reports false when the edit
// overlaps the range, so that what was said about it may no longer hold. Text
// that is put in at either end of the range does not overlap it.
func (e edit) shift(r Range) (Range, bool) {
	switch {
	case !r.Start.before(e.at.End): // the edit ends at or before the range
		return Range{e.position(r.Start), e.position(r.End)}, true
	case !e.at.Start.before(r.End): // the edit begins at or after it
		return r, true
	}
	return r, false
}

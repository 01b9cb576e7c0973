// Package picture turns what a terminal shows into a picture, for the documents.
package picture

import (
	"encoding/xml"
	"fmt"
	"strings"
	"unicode/utf8"
)

// The size of a character cell and of the margin, in pixels.
const (
	width  = 8
	height = 18
	margin = 16
)

// styles are the classes of the text after an escape sequence for colours.
var styles = map[string]string{"0": "", "1": "b", "1;31": "r", "34": "u", "32": "g"}

// SVG returns a picture of a command line and what it prints, colours included. Other
// escape sequences than those for the colours of killcheck are left out.
func SVG(command, text string) []byte {
	lines := append([]string{"$ " + command}, strings.Split(strings.TrimRight(text, "\n"), "\n")...)
	columns := 0
	var rows strings.Builder
	for i, line := range lines {
		fmt.Fprintf(&rows, "<text x=\"%d\" y=\"%d\">", margin, margin+(i+1)*height-4)
		length, class := 0, ""
		for j, part := range strings.Split(line, "\x1b[") {
			code, rest, _ := strings.Cut(part, "m")
			if known, ok := styles[code]; ok && j > 0 {
				class, part = known, rest
			}
			if part == "" {
				continue
			}
			length += utf8.RuneCountInString(part)
			if class == "" {
				fmt.Fprintf(&rows, "<tspan>%s</tspan>", escape(part))
			} else {
				fmt.Fprintf(&rows, "<tspan class=%q>%s</tspan>", class, escape(part))
			}
		}
		rows.WriteString("</text>\n")
		columns = max(columns, length)
	}
	w, h := 2*margin+columns*width, 2*margin+len(lines)*height
	return fmt.Appendf(nil, `<svg xmlns="http://www.w3.org/2000/svg" width="%[1]d" height="%[2]d" viewBox="0 0 %[1]d %[2]d" role="img" xml:space="preserve" aria-label="%[3]s">
<style>text{font:13px ui-monospace,Menlo,Consolas,monospace;fill:#d4d4d4;white-space:pre}.b{font-weight:bold;fill:#fff}.r{font-weight:bold;fill:#f66}.u{fill:#6af}.g{fill:#6c6}</style>
<rect width="100%%" height="100%%" rx="8" fill="#1e1e1e"/>
%[4]s</svg>
`, w, h, escape("what "+command+" prints"), rows.String())
}

func escape(text string) string {
	var b strings.Builder
	if err := xml.EscapeText(&b, []byte(text)); err != nil {
		return ""
	}
	return strings.ReplaceAll(b.String(), "&#xA;", "\n")
}

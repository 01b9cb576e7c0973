// Package plain makes text that others wrote safe to show. Names of files, line
// comments, directives and the errors of compilers come from the code that is
// analysed. On a terminal, control characters in them would be commands; in the log
// of a continuous integration service, so would some words.
//
// What is not shown as it is becomes an escape of Go and of JSON, such as \u001b, so
// that JSON that passes through keeps its meaning.
package plain

import (
	"bytes"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Text returns a text without anything that commands a terminal or a log: control
// characters but newline and tab, characters that turn the direction of text or
// cannot be seen, bytes that are no UTF-8, and the beginnings of workflow commands
// ("::" at the start of a line, "##[", "##vso[" and the like anywhere).
func Text(s string) string {
	out, _, _ := escape(nil, []byte(s), true, true)
	return string(out)
}

// Line returns a text that takes one line: as [Text], with newline and tab escaped.
func Line(s string) string {
	return strings.NewReplacer("\r", `\r`, "\n", `\n`, "\t", `\t`).Replace(Text(s))
}

// escape appends src to dst with escapes. Start tells, and is told, whether
// nothing but blanks stand before in the line. Unless src is the final piece, the
// rest is what has to wait for more: an unfinished character or word.
func escape(dst, src []byte, start, final bool) (out, rest []byte, stillStart bool) {
	for i := 0; i < len(src); {
		if !final && !utf8.FullRune(src[i:]) {
			return dst, src[i:], start
		}
		r, size := utf8.DecodeRune(src[i:])
		tail := src[i+size:]
		switch {
		case r == '\n':
			dst, start = append(dst, '\n'), true
		case r == '\r' && len(tail) == 0 && !final:
			return dst, src[i:], start
		case r == '\r' && len(tail) > 0 && tail[0] == '\n':
			dst = append(dst, '\r')
		case r == utf8.RuneError && size == 1:
			dst, start = fmt.Appendf(dst, `\x%02x`, src[i]), false
		case r == ':' && start && len(tail) == 0 && !final:
			return dst, src[i:], start
		case r == ':' && start && (len(tail) == 0 || tail[0] == ':'):
			dst, start = append(dst, `\u003a`...), false
		case r == '#':
			command, open := service(src[i:])
			if open && !final {
				return dst, src[i:], start
			}
			if command || open {
				dst = append(dst, `\u0023`...)
			} else {
				dst = append(dst, '#')
			}
			start = false
		case Shown(r):
			dst = append(dst, src[i:i+size]...)
			start = start && unicode.IsSpace(r)
		default:
			dst, start = appendEscape(dst, r), false
		}
		i += size
	}
	return dst, nil, start
}

// longestService is the length of the longest word between "##" and "[" that some
// service heeds, and then some.
const longestService = 16

// service reports whether text begins with "##", a word and "[", as the commands of
// Azure Pipelines, TeamCity and older runners of GitHub do. Open says that the text
// ends before that is known.
func service(text []byte) (command, open bool) {
	word, ok := bytes.CutPrefix(text, []byte("##"))
	if !ok {
		return false, len(text) == 1
	}
	for i, b := range word {
		switch {
		case b == '[':
			return true, false
		case !('a' <= b && b <= 'z' || 'A' <= b && b <= 'Z' || b == '-' || b == '_') || i == longestService:
			return false, false
		}
	}
	return false, true
}

// Shown reports whether a character is shown as it is. Those of the category
// Cf cannot be seen, and some of them turn the direction of text; the two joiners
// among them belong to words and pictures.
func Shown(r rune) bool {
	switch r {
	case '\t', '\u200c', '\u200d':
		return true
	}
	return !unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp)
}

// appendEscape writes a character as JSON may: in UTF-16.
func appendEscape(dst []byte, r rune) []byte {
	if r < 0x10000 {
		return fmt.Appendf(dst, `\u%04x`, r)
	}
	r -= 0x10000
	return fmt.Appendf(dst, `\u%04x\u%04x`, 0xd800+r>>10, 0xdc00+r&0x3ff)
}

// Package plaintest judges, for tests, whether output is safe to show. It says in
// other words than package plain what that means.
package plaintest

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Dangerous says what in a text commands a terminal or a log. Nothing if nothing
// does.
func Dangerous(s string) string {
	if !utf8.ValidString(s) {
		return "no UTF-8"
	}
	for line := range strings.Lines(s) {
		line = strings.TrimRight(line, "\n")
		line = strings.TrimSuffix(line, "\r")
		for _, r := range line {
			if r != '\t' && (unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) || r == '\u2028' || r == '\u2029') {
				return fmt.Sprintf("%U", r)
			}
		}
		if strings.HasPrefix(strings.TrimSpace(line), "::") {
			return "a workflow command at the start of a line"
		}
		for _, word := range []string{"##[", "##vso[", "##teamcity["} {
			if strings.Contains(line, word) {
				return word
			}
		}
	}
	return ""
}

package kb

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"
)

// A vocabulary holds the customary words. They rank candidates and accept a
// documented lifetime; they never decide that something is a fault.
type vocabulary struct {
	stop    map[string]bool
	affix   map[string]bool
	methods map[string]bool
	phrases [][]string
	entries map[string]bool
	folders map[string]bool
	aside   map[string]bool
	brief   map[string]bool
	waiting map[string]bool
}

func newVocabulary() vocabulary {
	return vocabulary{make(map[string]bool), make(map[string]bool), make(map[string]bool), nil, make(map[string]bool), make(map[string]bool), make(map[string]bool), make(map[string]bool), make(map[string]bool)}
}

func (v *vocabulary) add(keyword, value string) {
	switch keyword {
	case "word":
		v.stop[value] = true
	case "affix":
		v.affix[value] = true
	case "method":
		v.methods[value] = true
	case "entry":
		v.entries[value] = true
	case "brief":
		v.brief[value] = true
	case "waiting":
		v.waiting[value] = true
	case "folder":
		v.folders[value] = true
	case "aside":
		v.aside[value] = true
	case "phrase":
		v.phrases = append(v.phrases, strings.Fields(value))
	}
}

func parseWords(keyword, rest string) ([]string, error) {
	rest = strings.TrimSpace(rest)
	if keyword == "phrase" {
		text, ok := strings.CutPrefix(rest, `"`)
		text, ok2 := strings.CutSuffix(text, `"`)
		if !ok || !ok2 || strings.ContainsAny(text, `"`) {
			return nil, errors.New("phrase needs one text in quotes")
		}
		if text == "" || text != strings.Join(prose(text), " ") {
			return nil, fmt.Errorf("phrase %q must be lower case words with single blanks", text)
		}
		return []string{text}, nil
	}
	words := strings.Fields(rest)
	if keyword == "entry" {
		for _, w := range words {
			if err := checkSymbol("var", w); err != nil {
				return nil, err
			}
		}
		return words, nil
	}
	if len(words) == 0 {
		return nil, fmt.Errorf("%s row without a word", keyword)
	}
	for _, w := range words {
		bad := strings.ContainsFunc(w, func(r rune) bool { return !unicode.IsLetter(r) })
		if bad || keyword != "method" && keyword != "brief" && w != strings.ToLower(w) {
			return nil, fmt.Errorf("bad %s %q", keyword, w)
		}
	}
	return words, nil
}

// StopWord reports whether name is customary for a stop channel: a stop word
// (done, quit), one with an affix (stopCh, quitchan, doneC), or a name of
// several words that begins or ends with one (closeNotify, shouldStop).
func (v *vocabulary) StopWord(name string) bool {
	words := camel(name)
	if len(words) == 0 {
		return false
	}
	return v.stopWord(words[0]) || v.stopWord(words[len(words)-1]) ||
		len(words) > 1 && v.affix[words[len(words)-1]] && v.stopWord(words[len(words)-2])
}

func (v *vocabulary) stopWord(w string) bool {
	if v.stop[w] {
		return true
	}
	for a := range v.affix {
		if rest, ok := strings.CutSuffix(w, a); ok && v.stop[rest] {
			return true
		}
	}
	return false
}

// CloseMethod reports whether name, exported or not, is customary for a
// method that ends an object.
func (v *vocabulary) CloseMethod(name string) bool {
	if name == "" {
		return false
	}
	return v.methods[strings.ToUpper(name[:1])+name[1:]]
}

// Brief reports whether name, exported or not, is customary for a method or function
// value that says or asks something and returns.
func (v *vocabulary) Brief(name string) bool {
	if name == "" {
		return false
	}
	return v.brief[strings.ToUpper(name[:1])+name[1:]]
}

// Waiting reports whether name begins with a word that is customary for what waits until
// somebody sends: readMessage, Recv.
func (v *vocabulary) Waiting(name string) bool {
	first := []rune(name)
	for i := 1; i < len(first); i++ {
		if unicode.IsUpper(first[i]) || first[i] == '_' {
			first = first[:i]
		}
	}
	return v.waiting[strings.ToLower(string(first))]
}

// EntryParam reports whether a function with a parameter of this type, or a
// pointer to it, is a command of a command line: it runs once in a process.
func (v *vocabulary) EntryParam(typeName string) bool { return v.entries[typeName] }

// CommandPath reports whether an import path goes through a folder in which
// the parts of commands are customarily kept.
func (v *vocabulary) CommandPath(importPath string) bool {
	for _, elem := range strings.Split(importPath, "/") {
		if v.folders[elem] {
			return true
		}
	}
	return false
}

// AsidePath reports whether a path below a module goes through a folder of what shows
// its use, or serves its tests.
func (v *vocabulary) AsidePath(path string) bool {
	return slices.ContainsFunc(strings.Split(path, "/"), func(elem string) bool { return v.aside[strings.TrimLeft(elem, "_")] })
}

// LifetimePhrase reports whether a comment documents that something lives as
// long as the process. A phrase behind a negation does not count.
func (v *vocabulary) LifetimePhrase(comment string) bool {
	words := prose(comment)
	for _, p := range v.phrases {
		for i := 0; i+len(p) <= len(words); i++ {
			if !slices.Equal(words[i:i+len(p)], p) {
				continue // not here
			}
			if denied := i > 0 && denies(words[i-1]); denied {
				continue // "does not run forever"
			}
			if end := i + len(p); end < len(words) && continues(words[end]) {
				continue // "never returns an error"
			}
			return true
		}
	}
	return false
}

// denies reports whether a word in front of a phrase takes its meaning away.
func denies(word string) bool {
	switch word {
	case "not", "never", "cannot", "without", "no", "t", "would", "could", "may", "might", "otherwise":
		return true // t is what remains of don't and won't
	}
	return false
}

// continues reports whether a word behind a phrase shows that its verb speaks
// of a value.
func continues(word string) bool {
	switch word {
	case "a", "an", "any", "the", "nil", "error", "errors", "err", "true", "false", "more", "less", "zero":
		return true
	}
	return false
}

// prose splits a comment into lower-case words; signs separate.
func prose(s string) []string {
	return strings.FieldsFunc(strings.ToLower(s), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r)
	})
}

// camel splits an identifier into lower-case words: closeNotifyCh, stop_chan.
func camel(name string) []string {
	var words []string
	var word []rune
	flush := func() {
		if len(word) > 0 {
			words = append(words, strings.ToLower(string(word)))
			word = nil
		}
	}
	rs := []rune(name)
	for i, r := range rs {
		switch {
		case !unicode.IsLetter(r):
			flush()
			continue // digits and underscores separate
		case unicode.IsUpper(r):
			after := i+1 < len(rs) && unicode.IsLower(rs[i+1])
			if i > 0 && (unicode.IsLower(rs[i-1]) || after) {
				flush()
			}
		}
		word = append(word, r)
	}
	flush()
	return words
}

package main

import (
	"embed"
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"text/template"
)

// The kinds are texts, so that their truth can be read. A kind names its breakages,
// and is a template of five parts: vars, what goroutine and owner share; setup, the
// statements that make it; body, what the goroutine does; drive and stop, what the
// owner does meanwhile and to end it; after, what he does once it is asked to end.
// A line may depend on the breakage. $x is a shared variable, or a name to invent.
//
//go:embed kinds/*.txt
var kindFiles embed.FS

// A kind is a way to stop, with the breakages that it can have. Two of them need
// no word in the text: never leaves out the part stop, skipped leaves it out on a path.
type kind struct {
	name   string
	breaks []string
	here   bool // declares types, so that no part can stand in another package
	text   *template.Template
}

// A variable is shared by a goroutine and its owner.
type variable struct{ name, typ string }

// A script is a kind made concrete: the text of its parts.
type script struct {
	vars  []variable
	parts map[string]string
}

var heading = regexp.MustCompile(`(?m)^kind ([a-z-]+)( here)?:(.*)$`)

// readKinds reads all kinds.
func readKinds() ([]*kind, error) {
	var kinds []*kind
	entries, err := kindFiles.ReadDir("kinds")
	if err != nil {
		return nil, err
	}
	for _, entry := range entries {
		text, err := kindFiles.ReadFile("kinds/" + entry.Name())
		if err != nil {
			return nil, err
		}
		heads := heading.FindAllStringSubmatchIndex(string(text), -1)
		for i, at := range heads {
			end := len(text)
			if i+1 < len(heads) {
				end = heads[i+1][0]
			}
			k := &kind{name: string(text[at[2]:at[3]]), here: at[4] >= 0, breaks: strings.Fields(string(text[at[6]:at[7]]))}
			k.text, err = template.New(k.name).Funcs(words(nil, "")).Parse(string(text[at[1]:end]))
			if err != nil {
				return nil, err
			}
			kinds = append(kinds, k)
		}
	}
	return kinds, nil
}

// words are what the templates may say.
func words(r *rand.Rand, breakage string) template.FuncMap {
	return template.FuncMap{
		"is":    func(any ...string) bool { return slices.Contains(any, breakage) },
		"maybe": func() bool { return r.IntN(2) == 0 },
		"pick":  func(any ...string) string { return any[r.IntN(len(any))] },
		"num":   func() int { return 2 + r.IntN(3) },
		"ms":    func() string { return fmt.Sprintf("%d * time.Millisecond", 1+r.IntN(5)) },
		"room": func() string {
			return []string{"", "", ", 1", ", 2"}[r.IntN(4)]
		},
		"use": func(expr string) string {
			return fmt.Sprintf([]string{"_ = fmt.Sprint(%s)", "log.Println(%s)", "fmt.Fprintln(io.Discard, %s)", "log.Printf(\"%%v\", %s)"}[r.IntN(4)], expr)
		},
	}
}

// script makes the kind concrete, with a breakage or, if that is empty, without.
func (k *kind) script(r *rand.Rand, breakage string) (*script, error) {
	var out strings.Builder
	text, err := k.text.Clone()
	if err != nil {
		return nil, err
	}
	if err := text.Funcs(words(r, breakage)).Execute(&out, nil); err != nil {
		return nil, err
	}
	s := &script{parts: map[string]string{}}
	part := ""
	for line := range strings.Lines(out.String()) {
		switch word := strings.TrimSpace(line); {
		case word == "":
		case !strings.HasPrefix(line, "\t") && !strings.HasPrefix(line, " "):
			if part = word; !slices.Contains([]string{"decl", "vars", "setup", "body", "drive", "stop", "after"}, part) {
				return nil, fmt.Errorf("%s: unknown part %q", k.name, part)
			}
		case part == "vars":
			name, typ, _ := strings.Cut(word, " ")
			s.vars = append(s.vars, variable{name, typ})
		default:
			s.parts[part] += line
		}
	}
	if breakage == "never" {
		s.parts["stop"] = ""
	}
	return s, nil
}

// plain says that a variable of this type is passed to a function as it is. All
// others are shared by pointer.
func (v variable) plain() bool { return !v.basic() && !v.inPlace() }

func (v variable) basic() bool { return v.typ == "bool" || v.typ == "int" }

// inPlace says that the zero value is ready, and must not be copied.
func (v variable) inPlace() bool {
	return strings.HasPrefix(v.typ, "sync.") || strings.HasPrefix(v.typ, "atomic.")
}

// Package extract takes the documentation of an analyzer out of its doc.go, so
// that pkg.go.dev, the help of a driver and "explain" say the same.
package extract

import (
	"errors"
	"fmt"
	"go/parser"
	"go/token"
	"strings"
)

// Doc returns the documentation of the analyzer called name. The source is a Go
// file whose package comment holds a heading "Analyzer NAME", and below it a
// paragraph "NAME: summary". The result starts with the summary and runs to the
// next heading or the end of the comment.
func Doc(source, name string) (string, error) {
	file, err := parser.ParseFile(token.NewFileSet(), "doc.go", source, parser.ParseComments|parser.PackageClauseOnly)
	if err != nil {
		return "", err
	}
	if file.Doc == nil {
		return "", errors.New("no package comment")
	}
	section, ok := section(file.Doc.Text(), "# Analyzer "+name)
	if !ok {
		return "", fmt.Errorf("no heading \"# Analyzer %s\"", name)
	}
	doc, ok := strings.CutPrefix(section, name+": ")
	if !ok {
		return "", fmt.Errorf("no summary \"%s: ...\" below the heading", name)
	}
	return doc, nil
}

// section returns the text between a heading and the next one, trimmed.
func section(text, heading string) (string, bool) {
	var lines []string
	found := false
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\n")
		if strings.HasPrefix(line, "# ") {
			if found {
				break
			}
			found = line == heading
			continue
		}
		if found {
			lines = append(lines, line)
		}
	}
	return strings.TrimSpace(strings.Join(lines, "\n")), found
}

// Example returns the Go code that is indented below the line lead, such as
// "Leaks:", with the indentation taken off, and whether there is any.
func Example(doc, lead string) (string, bool) {
	var code []string
	inside := false
	for line := range strings.Lines(doc) {
		line = strings.TrimRight(line, "\n")
		switch {
		case line == lead:
			inside = true
		case inside && strings.HasPrefix(line, "\t"):
			code = append(code, line[1:])
		case inside && line == "":
			code = append(code, "")
		case inside:
			return trim(code)
		}
	}
	return trim(code)
}

func trim(code []string) (string, bool) {
	text := strings.Trim(strings.Join(code, "\n"), "\n")
	return text, text != ""
}

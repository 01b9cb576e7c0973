package config

import (
	"errors"
	"path"
	"slices"
	"strings"
)

// A pattern names files by their path below the directory of the configuration. It
// is a path with *, ? and [a-z] in its elements, and ** for any number of elements.
// It names all below a directory that it matches. One without a slash matches a
// single element at any depth.
type pattern []string

// parsePattern reads a pattern.
func parsePattern(text string) (pattern, error) {
	switch clean := strings.TrimPrefix(strings.TrimSuffix(text, "/"), "./"); {
	case clean == "" || clean == ".":
		return nil, errors.New("a path is wanted")
	case strings.HasPrefix(clean, "/") || strings.Contains(clean, `\`):
		return nil, errors.New("a path below the directory of this file is wanted, with slashes")
	default:
		p := pattern(strings.Split(clean, "/"))
		if slices.Contains(p, "..") {
			return nil, errors.New("a path below the directory of this file is wanted")
		}
		for _, element := range p {
			if _, err := path.Match(element, ""); err != nil {
				return nil, errors.New("bad pattern: " + err.Error())
			}
		}
		if len(p) == 1 && p[0] != "**" && !strings.Contains(text, "/") {
			p = append(pattern{"**"}, p...)
		}
		return p, nil
	}
}

// matches reports whether one of the patterns names a file.
func matches(all []pattern, file string) bool {
	elements := strings.Split(file, "/")
	return slices.ContainsFunc(all, func(p pattern) bool { return p.match(elements) })
}

func (p pattern) match(elements []string) bool {
	for len(p) > 0 {
		if p[0] == "**" {
			for i := range elements {
				if p[1:].match(elements[i:]) {
					return true
				}
			}
			return len(p) == 1
		}
		if len(elements) == 0 {
			return false
		}
		if ok, err := path.Match(p[0], elements[0]); err != nil || !ok {
			return false
		}
		p, elements = p[1:], elements[1:]
	}
	return true // the file, or all below the directory
}

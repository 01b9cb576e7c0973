package kb

import (
	"fmt"
	"strings"
)

// checkSymbol refuses what cannot be the name of a symbol of this keyword.
func checkSymbol(keyword, s string) error {
	ok := s != "" && !strings.ContainsAny(s, "[]{}\"=,@")
	switch keyword {
	case "func":
		if strings.HasPrefix(s, "(") {
			recv, method, found := strings.Cut(s[1:], ").")
			recv = strings.TrimPrefix(recv, "*")
			ok = ok && found && strings.Contains(recv, ".") && isName(method) && !strings.ContainsAny(recv, "()*")
		} else {
			dot := strings.LastIndexByte(s, '.')
			ok = ok && dot > 0 && isName(s[dot+1:]) && !strings.ContainsAny(s, "()*")
		}
	case "field":
		path := s[strings.LastIndexByte(s, '/')+1:]
		ok = ok && strings.Count(path, ".") >= 2 && !strings.ContainsAny(s, "()*")
	case "var":
		ok = ok && strings.Contains(s, ".") && !strings.ContainsAny(s, "()*")
	default:
		ok = ok && !strings.ContainsAny(s, "()*")
	}
	if !ok {
		return fmt.Errorf("bad symbol %q", s)
	}
	return nil
}

func isName(s string) bool {
	return s != "" && !strings.ContainsAny(s, "./()*")
}

// plain drops the type parameters from the full name of a function.
func plain(fullName string) string {
	open := strings.IndexByte(fullName, '[')
	if open < 0 {
		return fullName
	}
	shut := strings.LastIndexByte(fullName, ']')
	return fullName[:open] + fullName[shut+1:]
}

// simple turns (*net/http.Server).Serve into net/http.Server.Serve.
func simple(symbol string) string {
	return strings.NewReplacer("(", "", "*", "", ")", "").Replace(symbol)
}

// names gives the simple symbol of the row, and those of the types that get
// the method by embedding.
func (e Entry) names() []string {
	symbol := simple(e.Symbol)
	names := []string{symbol}
	if len(e.Through) == 0 {
		return names
	}
	owner := strings.TrimSuffix(symbol, "."+last(symbol))
	for _, t := range e.Through {
		names = append(names, strings.TrimSuffix(owner, last(owner))+t+"."+last(symbol))
	}
	return names
}

// meant reports whether name is symbol or its end, from a package name, type
// or method on.
func meant(symbol, name string) bool {
	return name != "" && (symbol == name || strings.HasSuffix(symbol, "/"+name) || strings.HasSuffix(symbol, "."+name))
}

// last gives the name after the last dot: Serve.
func last(symbol string) string {
	return symbol[strings.LastIndexByte(symbol, '.')+1:]
}

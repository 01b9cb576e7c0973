package kb

import (
	"fmt"
	"go/types"
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

// A funcName is the symbol of a function in parts. To compare it costs less than
// to put the symbol together.
type funcName struct {
	pkg, recv, name string // recv is the type of a method, without its package
	pointer         bool   // the receiver is a pointer
}

// splitFunc takes apart the symbol of a func row: pkg.F, (pkg.T).M or (*pkg.T).M.
func splitFunc(symbol string) funcName {
	var n funcName
	path := symbol
	if inner, method, ok := strings.Cut(strings.TrimPrefix(symbol, "("), ")."); ok {
		n.name = method
		path, n.pointer = strings.CutPrefix(inner, "*")
	}
	dot := strings.LastIndexByte(path, '.')
	n.pkg = path[:max(dot, 0)]
	if n.name == "" {
		n.name = path[dot+1:]
	} else {
		n.recv = path[dot+1:]
	}
	return n
}

// nameOf returns the name of fn, or of the generic function that it comes from.
func nameOf(fn *types.Func) funcName {
	fn = fn.Origin()
	n := funcName{name: fn.Name()}
	if fn.Pkg() != nil {
		n.pkg = fn.Pkg().Path()
	}
	recv := fn.Signature().Recv()
	if recv == nil {
		return n
	}
	t := types.Unalias(recv.Type())
	if p, ok := t.(*types.Pointer); ok {
		n.pointer, t = true, types.Unalias(p.Elem())
	}
	if named, ok := t.(*types.Named); ok {
		n.recv = named.Obj().Name()
	} else {
		n.recv = "interface" // a method of an interface without a name
	}
	return n
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

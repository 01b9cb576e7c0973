package main

import (
	"fmt"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"math/rand/v2"
	"slices"
	"strings"
	"unicode"
)

// names invents names that mean nothing.
type names struct {
	r    *rand.Rand
	used map[string]bool
}

func (n *names) fresh() string {
	for {
		var name strings.Builder
		for range 3 {
			name.WriteByte("bdgklmnrtvz"[n.r.IntN(11)])
			name.WriteByte("aeiou"[n.r.IntN(5)])
		}
		if !n.used[name.String()] {
			n.used[name.String()] = true
			return name.String()
		}
	}
}

func export(name string) string { return string(unicode.ToUpper(rune(name[0]))) + name[1:] }

// A splice is text that takes the place of other text.
type splice struct {
	from, to int
	text     string
}

func apply(text string, all []splice) string {
	slices.SortFunc(all, func(a, b splice) int { return b.from - a.from })
	for _, s := range all {
		text = text[:s.from] + s.text + text[s.to:]
	}
	return text
}

const clause = "package p\n\n"

// parse reads declarations. The function tells where in the text a position is.
func parse(text string) (*ast.File, func(token.Pos) int, error) {
	files := token.NewFileSet()
	file, err := parser.ParseFile(files, "", clause+text, parser.SkipObjectResolution)
	if err != nil {
		return nil, nil, fmt.Errorf("%w in:\n%s", err, text)
	}
	return file, func(p token.Pos) int { return files.Position(p).Offset - len(clause) }, nil
}

// finish shuffles the cases of selects, strews statements that do nothing for the
// fate, and formats the text.
func (b *builder) finish(text string) (string, error) {
	file, at, err := parse(text)
	if err != nil {
		return "", err
	}
	var all []splice
	ast.Inspect(file, func(n ast.Node) bool {
		if s, ok := n.(*ast.SelectStmt); ok {
			all = append(all, b.shuffled(text, s.Body, at))
		}
		return true
	})
	text = apply(text, all)
	if file, at, err = parse(text); err != nil {
		return "", err
	}
	all = nil
	ast.Inspect(file, func(n ast.Node) bool {
		var list []ast.Stmt
		switch n := n.(type) {
		case *ast.BlockStmt:
			list = n.List
		case *ast.CommClause:
			list = n.Body
		}
		for _, s := range list {
			if _, isCase := s.(*ast.CommClause); !isCase && b.r.IntN(12) == 0 {
				all = append(all, splice{at(s.Pos()), at(s.Pos()), b.noise() + "\n"})
			}
		}
		return true
	})
	out, err := format.Source([]byte(clause + apply(text, all)))
	return strings.TrimPrefix(string(out), clause), err
}

// shuffled returns the cases of a select in another order.
func (b *builder) shuffled(text string, body *ast.BlockStmt, at func(token.Pos) int) splice {
	if len(body.List) == 0 {
		return splice{}
	}
	var cases []string
	for i, c := range body.List {
		end := body.Rbrace
		if i+1 < len(body.List) {
			end = body.List[i+1].Pos()
		}
		cases = append(cases, strings.TrimSpace(text[at(c.Pos()):at(end)])+"\n")
	}
	b.r.Shuffle(len(cases), func(i, j int) { cases[i], cases[j] = cases[j], cases[i] })
	return splice{at(body.List[0].Pos()), at(body.Rbrace), strings.Join(cases, "")}
}

// noise returns a statement without meaning.
func (b *builder) noise() string {
	x, k := b.names.fresh(), 2+b.r.IntN(90)
	switch b.r.IntN(9) {
	case 0:
		return fmt.Sprintf("%s := %d * %d\n_ = %s + 1", x, k, k/2, x)
	case 1:
		return fmt.Sprintf("%s := map[string]int{\"a\": %d}\n%s[\"b\"]++\nlog.Println(len(%s))", x, k, x, x)
	case 2:
		return fmt.Sprintf("log.Printf(\"%%d\", %d)", k)
	case 3:
		return fmt.Sprintf("if %s := len(os.Args); %s > %d {\nlog.Println(%s)\n}", x, x, 1000+k, x)
	case 4:
		return fmt.Sprintf("for %s := range %d {\nlog.Println(%s)\n}", x, k%5+1, x)
	case 5:
		return fmt.Sprintf("%s := []int{%d, 1}\nsort.Ints(%s)", x, k, x)
	case 6:
		return "if time.Now().Year() > 3000 {\nlog.Println(strings.ToUpper(\"z\"))\n}"
	case 7:
		return fmt.Sprintf("%s := time.Now()\n_ = %s.Unix() %% %d", x, x, k)
	}
	return fmt.Sprintf("fmt.Fprintln(io.Discard, %d)", k)
}

// terminates reports whether statements end with a loop that nothing leaves but a
// return, after which another statement would be dead.
func terminates(body string) bool {
	file, _, err := parse("func f() {\n" + body + "}")
	if err != nil {
		return false
	}
	list := file.Decls[0].(*ast.FuncDecl).Body.List
	last := list[len(list)-1]
	if _, ok := last.(*ast.ReturnStmt); ok {
		return true
	}
	if l, ok := last.(*ast.LabeledStmt); ok {
		return !leaves(l.Stmt, l.Label.Name)
	}
	loop, ok := last.(*ast.ForStmt)
	return ok && loop.Cond == nil && !leaves(loop.Body, "")
}

// leaves reports whether a break to the label stands in the node, or one without a
// label that belongs to no loop or select in it.
func leaves(in ast.Node, label string) bool {
	found := false
	ast.Inspect(in, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.BranchStmt:
			found = found || n.Tok == token.BREAK && (label == "" && n.Label == nil || n.Label != nil && n.Label.Name == label)
		case *ast.ForStmt, *ast.RangeStmt, *ast.SelectStmt, *ast.SwitchStmt:
			return label != "" // what it breaks is its own
		}
		return true
	})
	return found
}

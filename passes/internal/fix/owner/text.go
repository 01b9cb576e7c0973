package owner

import (
	"go/ast"
	"slices"
	"strings"
)

// stopMethod adds the method that stops the goroutines, or completes the one
// that the type has, and adds those which it needs.
func (s *stopping) stopMethod() error {
	f, end, err := s.place()
	if err != nil {
		return err
	}
	var code []string
	if s.method != nil {
		if err := s.complete(); err != nil {
			return err
		}
	} else {
		code = append(code, s.stopText())
	}
	if s.starts == nil {
		code = append(code, s.spawnText())
		if s.method != nil {
			code = append(code, s.haltText())
		}
	}
	if len(code) > 0 {
		s.edits = append(s.edits, f.Below(end, strings.Join(code, "\n")))
	}
	return nil
}

// complete lets the method of the type signal first and wait last. What it does
// in between may be what the goroutine waits for, and a lock that it takes is
// given back by then.
func (s *stopping) complete() error {
	f, err := s.at(s.method.Pos())
	if err != nil {
		return err
	}
	name := s.receiver(s.method).Name()
	var lines []string
	if s.starts == nil {
		lines = []string{name + "." + s.halt + "()"}
	} else {
		lines = s.closeLines(name, s.otherValues(s.subject, s.starts, true)) // tests call it, too
	}
	if s.wait {
		lines = append(lines, "defer "+name+"."+s.running+".Wait()")
	}
	if first := s.nilGuard(name); first != nil {
		indent := f.Indent(first.Pos())
		s.edits = append(s.edits, f.After(first.End(), indent, indent, lines...))
		return nil
	}
	s.edits = append(s.edits, f.OpenBody(s.method.Body, lines...)...)
	return nil
}

// nilGuard returns the first statement of the method if it looks whether the
// receiver is nil.
func (s *stopping) nilGuard(name string) ast.Stmt {
	if len(s.method.Body.List) == 0 {
		return nil
	}
	guard, ok := s.method.Body.List[0].(*ast.IfStmt)
	if !ok || guard.Init != nil {
		return nil
	}
	cmp, ok := guard.Cond.(*ast.BinaryExpr)
	if !ok {
		return nil
	}
	x, isX := ast.Unparen(cmp.X).(*ast.Ident)
	y, isY := ast.Unparen(cmp.Y).(*ast.Ident)
	if isX && isY && x.Name == name && y.Name == "nil" {
		return guard
	}
	return nil
}

// closeLines closes the channel once.
func (s *stopping) closeLines(name string, mayBeNil bool) []string {
	stop := name + "." + s.stop
	if !mayBeNil {
		return []string{name + "." + s.once + ".Do(func() { close(" + stop + ") })"}
	}
	return []string{
		name + "." + s.once + ".Do(func() {",
		"\tif " + stop + " != nil {",
		"\t\tclose(" + stop + ")",
		"\t}",
		"})",
	}
}

// haltLines closes the channel if it has been made, and lets nothing start from
// now on.
func (s *stopping) haltLines(name string) []string {
	stop, flag := name+"."+s.stop, name+"."+s.flag
	return []string{
		"if !" + flag + " {",
		"\t" + flag + " = true",
		"\tif " + stop + " != nil {",
		"\t\tclose(" + stop + ")",
		"\t}",
		"}",
	}
}

func method(doc, head string, lines []string) string {
	return doc + "\nfunc " + head + " {\n\t" + strings.Join(lines, "\n\t") + "\n}\n"
}

func (s *stopping) stopText() string {
	r := s.recv
	doc := "// " + s.public + " ends " + s.whom()
	if s.wait {
		doc += " and waits until " + s.they("it has", "they have") + " returned"
	}
	doc += ". It may be called more than once."
	var lines []string
	if s.starts != nil {
		lines = s.closeLines(r, s.otherValues(s.subject, s.starts, false))
	} else {
		lines = append([]string{r + "." + s.mutex + ".Lock()"}, s.haltLines(r)...)
		lines = append(lines, r+"."+s.mutex+".Unlock()")
	}
	if s.wait {
		lines = append(lines, r+"."+s.running+".Wait()")
	}
	return method(doc, s.recvDecl(r)+" "+s.public+"()", lines)
}

func (s *stopping) haltText() string {
	r := s.recv
	lines := append([]string{r + "." + s.mutex + ".Lock()", "defer " + r + "." + s.mutex + ".Unlock()"}, s.haltLines(r)...)
	doc := "// " + s.halt + " tells " + s.whom() + " to return."
	return method(doc, s.recvDecl(r)+" "+s.halt+"()", lines)
}

func (s *stopping) spawnText() string {
	r, f := s.recv, "f"
	if r == f {
		f = "run"
	}
	doc := "// " + s.spawn + " runs " + f + " in a goroutine"
	if s.wait {
		doc += " that " + s.public + " waits for"
	}
	doc += ". After " + s.public + " it does nothing."
	lines := []string{
		r + "." + s.mutex + ".Lock()",
		"defer " + r + "." + s.mutex + ".Unlock()",
		"if " + r + "." + s.flag + " {",
		"\treturn",
		"}",
		"if " + r + "." + s.stop + " == nil {",
		"\t" + r + "." + s.stop + " = make(chan struct{})",
		"}",
	}
	if !s.wait {
		return method(doc, s.recvDecl(r)+" "+s.spawn+"("+f+" func())", append(lines, "go "+f+"()"))
	}
	lines = append(lines,
		r+"."+s.running+".Add(1)",
		"go func() {",
		"\tdefer "+r+"."+s.running+".Done()",
		"\t"+f+"()",
		"}()")
	return method(doc, s.recvDecl(r)+" "+s.spawn+"("+f+" func())", lines)
}

// whom names the goroutines.
func (s *stopping) whom() string {
	var names []string
	for _, o := range s.threads {
		name := "the goroutine of " + o.decl.Name.Name
		if decl, ok := o.body.(*ast.FuncDecl); ok {
			name = decl.Name.Name
		}
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	switch len(names) {
	case 1:
		return names[0]
	case 2:
		return names[0] + " and " + names[1]
	}
	return "its goroutines"
}

func (s *stopping) they(one, many string) string {
	if whom := s.whom(); strings.Contains(whom, " and ") || whom == "its goroutines" {
		return many
	}
	return one
}

// message says what the fix does.
func (s *stopping) message() string {
	name := s.Obj().Name()
	if s.method == nil {
		text := "add " + s.public + " to " + name + ": it stops " + s.whom()
		if s.wait {
			return text + " and waits for " + s.they("it", "them")
		}
		return text + s.without()
	}
	text := "let " + s.public + " of " + name + " stop " + s.whom()
	if s.wait {
		return text + " and wait for " + s.they("it", "them")
	}
	return text + s.without()
}

// without ends the message of a fix that does not let anybody wait.
func (s *stopping) without() string {
	if s.joined {
		return ""
	}
	return ", without waiting for " + s.they("it", "them")
}

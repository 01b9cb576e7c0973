package main

import (
	"fmt"
	"strings"
)

// run returns the goroutine's function as a call and as a value. An object is the
// owner, where the body is a method.
func (b *builder) run(object string) (call, value string) {
	body := b.parts["body"]
	plain := strings.ReplaceAll(body, "@return", "return")
	switch b.body {
	case inMethod:
		name, receiver := b.names.fresh(), b.names.fresh()
		b.declf("func (%s *%s) %s() {\n%s}", receiver, b.typ, name, b.fill(plain, receiver, false))
		if b.r.IntN(3) == 0 { // one more call on the way
			outer := b.names.fresh()
			b.declf("func (%s *%s) %s() {\ndefer log.Println(\"left\")\n%s.%s()\n}", receiver, b.typ, outer, receiver, name)
			name = outer
		}
		return object + "." + name + "()", object + "." + name
	case inLiteral:
		value = fmt.Sprintf("func() {\n%s}", b.fill(plain, "", false))
		return value + "()", value
	}
	var params, args []string
	for _, v := range b.vars {
		name := b.known[v.name]
		switch {
		case !mentions(body, v.name):
		case v.plain():
			params, args = append(params, name+" "+b.direction(v)), append(args, name)
		default:
			params, args = append(params, name+" *"+v.typ), append(args, "&"+name)
		}
	}
	name := b.names.fresh()
	if b.body == inPackage {
		name = export(name)
	}
	text := fmt.Sprintf("func %s(%s) {\n%s}", name, strings.Join(params, ", "), b.fill(plain, "", true))
	if b.body == inPackage {
		b.libs = append(b.libs, text)
		name = b.pkg + "." + name
	} else {
		b.decls = append(b.decls, text)
	}
	call = fmt.Sprintf("%s(%s)", name, strings.Join(args, ", "))
	if len(args) == 0 {
		return call, name
	}
	return call, fmt.Sprintf("func() { %s }", call)
}

// direction narrows the type of a channel, now and then, to what the body needs of it.
func (b *builder) direction(v variable) string {
	body := b.parts["body"]
	element, isChan := strings.CutPrefix(v.typ, "chan ")
	from, to := strings.Contains(body, "<-$"+v.name) || strings.Contains(body, "range $"+v.name), strings.Contains(body, "$"+v.name+" <-")
	switch {
	case !isChan || from == to || strings.Contains(body, "close($"+v.name) || b.maybe():
		return v.typ
	case from:
		return "<-chan " + element
	}
	return "chan<- " + element
}

// start returns the statements that start the goroutine, and those that wait for it
// where the form has some.
func (b *builder) start(object string) (text, join string) {
	if b.starter == "errgroup.Go" {
		return b.group(object)
	}
	call, value := b.run(object)
	x, f := b.names.fresh(), b.names.fresh()
	switch b.starter {
	case "go":
		return "go " + call + "\n", ""
	case "variable":
		return fmt.Sprintf("%s := %s\ngo %s()\n", x, value, x), ""
	case "WaitGroup.Go":
		return fmt.Sprintf("var %s sync.WaitGroup\n%s.Go(%s)\n", x, x, value), x + ".Wait()\n"
	case "AfterFunc":
		return fmt.Sprintf("time.AfterFunc(%d*time.Microsecond, %s)\n", 1+b.r.IntN(900), value), ""
	case "wrapper":
		b.decls = append(b.decls, b.wrapper(f))
		return fmt.Sprintf("%s(%s)\n", f, value), ""
	case "package wrapper":
		b.libs = append(b.libs, b.wrapper(export(f)))
		return fmt.Sprintf("%s.%s(%s)\n", b.pkg, export(f), value), ""
	case "callback":
		b.decls = append(b.decls, b.wrapper(f))
		outer := b.names.fresh()
		b.declf("func %s(k int, f func()) {\nlog.Println(k)\n%s(f)\n}", outer, f)
		return fmt.Sprintf("%s(%d, %s)\n", outer, b.r.IntN(9), value), ""
	}
	// field
	typ, field := b.names.fresh(), b.names.fresh()
	b.declf("type %s struct {\n%s func()\nk int\n}", typ, field)
	text = fmt.Sprintf("%s := &%s{%s: %s, k: %d}\n", x, typ, field, value, b.r.IntN(9))
	if b.maybe() {
		return text + fmt.Sprintf("go %s.%s()\n", x, field), ""
	}
	b.declf("func (s *%s) %s() {\ngo s.%s()\n}", typ, f, field)
	return text + fmt.Sprintf("%s.%s()\n", x, f), ""
}

// wrapper returns a function that runs another one as a goroutine.
func (b *builder) wrapper(name string) string {
	switch b.r.IntN(3) {
	case 0:
		return fmt.Sprintf("func %s(f func()) {\ngo f()\n}", name)
	case 1:
		return fmt.Sprintf("func %s(f func()) {\ngo func() {\nlog.Println(\"begin\")\nf()\n}()\n}", name)
	}
	return fmt.Sprintf("func %s(f func()) {\ngo func() {\ndefer func() {\nif r := recover(); r != nil {\nlog.Println(r)\n}\n}()\nf()\n}()\n}", name)
}

// group starts the goroutine in an errgroup. A literal is given to it as it stands,
// with its returns.
func (b *builder) group(object string) (text, join string) {
	g := b.names.fresh()
	join = fmt.Sprintf("if err := %s.Wait(); err != nil {\nlog.Println(err)\n}\n", g)
	begin := fmt.Sprintf("var %s errgroup.Group\n", g)
	if b.maybe() {
		begin = fmt.Sprintf("%s := new(errgroup.Group)\n", g)
	}
	if b.body == inLiteral {
		body := b.fill(strings.ReplaceAll(b.parts["body"], "@return", "return nil"), "", false)
		if !terminates(body) {
			body += "return nil\n"
		}
		return begin + fmt.Sprintf("%s.Go(func() error {\n%s})\n", g, body), join
	}
	call, _ := b.run(object)
	return begin + fmt.Sprintf("%s.Go(func() error {\n%s\nreturn nil\n})\n", g, call), join
}

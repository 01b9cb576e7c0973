package main

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"strings"
)

// Where the body of a goroutine stands, and with it what the goroutine shares.
const (
	inLiteral  = "literal"          // in a function literal: captured variables
	inMethod   = "method"           // in a method: fields of the receiver
	inFunction = "function"         // in a function: parameters
	inPackage  = "package function" // in an exported function of a second package
)

var bodies = []string{inLiteral, inMethod, inFunction, inPackage}

// How it is started.
var starters = []string{"go", "variable", "WaitGroup.Go", "errgroup.Go", "wrapper", "package wrapper", "field", "callback", "AfterFunc"}

// A unit is a function that starts one goroutine and ends it, or fails to.
type unit struct {
	kind     *kind
	breakage string // empty: it stops
	body     string
	starter  string
	entry    string
	text     string // what stands in the first package
	lib      string // and in the second
	places   []place
}

// A builder makes the text of one unit.
type builder struct {
	*unit
	*script
	r     *rand.Rand
	names *names
	known map[string]string // the names of the unit's placeholders
	pkg   string            // the name of the second package
	decls []string
	libs  []string
	typ   string // the type of the owner, if the body is a method
}

// build makes the text of a unit whose kind, breakage and form are chosen.
func build(u *unit, r *rand.Rand, n *names, pkg string) error {
	s, err := u.kind.script(r, u.breakage)
	if err != nil {
		return err
	}
	b := &builder{unit: u, script: s, r: r, names: n, known: map[string]string{}, pkg: pkg}
	for _, v := range s.vars {
		b.known[v.name] = n.fresh()
	}
	for i, v := range s.vars {
		s.vars[i].typ = b.fill(v.typ, "", false)
	}
	if d := s.parts["decl"]; d != "" {
		b.decls = append(b.decls, b.fill(d, "", false))
		if u.body == inPackage {
			b.libs = append(b.libs, b.decls[0])
		}
	}
	u.entry = export(n.fresh())
	text := b.function()
	b.decls = append(b.decls, text)
	r.Shuffle(len(b.decls), func(i, j int) { b.decls[i], b.decls[j] = b.decls[j], b.decls[i] })
	if u.text, err = b.finish(strings.Join(b.decls, "\n\n")); err == nil && len(b.libs) > 0 {
		u.lib, err = b.finish(strings.Join(b.libs, "\n\n"))
	}
	if err != nil {
		return fmt.Errorf("%s %s, %s, %s: %w", u.kind.name, u.breakage, u.body, u.starter, err)
	}
	return nil
}

var placeholder = regexp.MustCompile(`\$[a-z]+`)

// fill puts names in the place of $x. The variables are fields of the owner, if there
// is one, and otherwise variables; of a function they are parameters.
func (b *builder) fill(text, owner string, params bool) string {
	text = placeholder.ReplaceAllStringFunc(text, func(p string) string {
		for _, v := range b.vars {
			switch {
			case v.name != p[1:]:
			case owner != "":
				return owner + "." + b.known[v.name]
			case params && v.basic():
				return "(*" + b.known[v.name] + ")"
			default:
				return b.known[v.name]
			}
		}
		if b.known[p[1:]] == "" {
			b.known[p[1:]] = b.names.fresh()
		}
		return b.known[p[1:]]
	})
	return strings.ReplaceAll(text, "@n", b.name("n"))
}

// name returns the name of a thing of the unit that the kind does not name.
func (b *builder) name(what string) string {
	if b.known["@"+what] == "" {
		b.known["@"+what] = b.names.fresh()
	}
	return b.known["@"+what]
}

func (b *builder) maybe() bool { return b.r.IntN(2) == 0 }

func (b *builder) declf(format string, args ...any) {
	b.decls = append(b.decls, fmt.Sprintf(format, args...))
}

// function returns the function that starts the goroutine and ends it.
func (b *builder) function() string {
	object, construct := "", ""
	inside := false // the constructor starts the goroutine
	if b.body == inMethod {
		object = b.names.fresh()
		inside = b.maybe() && !strings.HasSuffix(b.starter, ".Go")
		construct = fmt.Sprintf("%s := %s\n", object, b.constructor(inside))
	} else {
		construct = b.locals()
	}
	start, join := "", ""
	if !inside {
		start, join = b.start(object)
	}
	drive := b.fill(b.parts["drive"], object, false)
	stop := b.stop(object)
	after := b.fill(b.parts["after"], object, false)
	if b.maybe() {
		after += join
	}
	guard := ""
	if b.breakage == "skipped" {
		guard, stop = b.skipped(stop)
	}
	if object != "" && !strings.Contains(start+drive+stop+after, object+".") {
		construct = strings.TrimPrefix(construct, object+" := ") // nothing else is done with it
	}
	if stop != "" && b.maybe() {
		return fmt.Sprintf("func %s(%s int) {\n%s%s%sdefer func() {\n%s%s}()\n%s}", b.entry, b.name("n"), construct, start, guard, stop, after, drive)
	}
	return fmt.Sprintf("func %s(%s int) {\n%s%s%s%s%s%s}", b.entry, b.name("n"), construct, start, drive, guard, stop, after)
}

// locals returns the declarations of the shared variables.
func (b *builder) locals() string {
	var text strings.Builder
	setup, body := b.parts["setup"], b.parts["body"]
	made := regexp.MustCompile(`(?m)^\s*(.*) :=`)
	var all string
	for _, m := range made.FindAllStringSubmatch(setup, -1) {
		all += m[1] + ","
	}
	for _, v := range b.vars {
		unused := v.inPlace() && !mentions(setup+body+b.parts["drive"]+b.parts["stop"]+b.parts["after"], v.name)
		if !mentions(all, v.name) && !unused {
			fmt.Fprintf(&text, "var %s %s\n", b.known[v.name], v.typ)
		}
	}
	text.WriteString(b.fill(setup, "", false))
	for _, v := range b.vars {
		if !mentions(body, v.name) && !v.inPlace() {
			fmt.Fprintf(&text, "_ = %s\n", b.known[v.name])
		}
	}
	return text.String()
}

func mentions(text, variable string) bool {
	return regexp.MustCompile(`\$` + variable + `\b`).MatchString(text)
}

var single = regexp.MustCompile(`(?m)^\s*\$([a-z]+) := ([^$\n]*)\n`)

// constructor declares the owner's type and returns what makes one.
func (b *builder) constructor(start bool) string {
	b.typ = b.name("type")
	var fields strings.Builder
	for _, v := range b.vars {
		fmt.Fprintf(&fields, "%s %s\n", b.known[v.name], v.typ)
	}
	b.declf("type %s struct {\n%s}", b.typ, fields.String())
	object := b.names.fresh()
	setup, literal := b.parts["setup"], ""
	if b.maybe() { // what can be made in place is
		for _, m := range single.FindAllStringSubmatch(setup, -1) {
			literal += b.known[m[1]] + ": " + m[2] + ",\n"
		}
		if literal != "" {
			literal = "\n" + literal
		}
		setup = single.ReplaceAllString(setup, "")
	}
	text := fmt.Sprintf("%s := &%s{%s}\n%s", object, b.typ, literal, b.fill(strings.ReplaceAll(setup, ":=", "="), object, false))
	if start {
		begin, _ := b.start(object)
		text += begin
	}
	constructor := b.names.fresh()
	b.declf("func %s() *%s {\n%sreturn %s\n}", constructor, b.typ, text, object)
	return constructor + "()"
}

// stop returns the statements that stop the goroutine.
func (b *builder) stop(object string) string {
	if strings.TrimSpace(b.parts["stop"]) == "" {
		return ""
	}
	if object != "" && b.maybe() {
		method, receiver := b.names.fresh(), b.names.fresh()
		b.declf("func (%s *%s) %s() {\n%s}", receiver, b.typ, method, b.fill(b.parts["stop"], receiver, false))
		return object + "." + method + "()\n"
	}
	text := b.fill(b.parts["stop"], object, false)
	if b.r.IntN(4) == 0 {
		f := b.names.fresh()
		return fmt.Sprintf("%s := func() {\n%s}\n%s()\n", f, text, f)
	}
	return text
}

// skipped returns the stop such that it is left out if the parameter is large: what
// stands before it, and what it becomes.
func (b *builder) skipped(stop string) (guard, rest string) {
	n := b.name("n")
	switch b.r.IntN(3) {
	case 0:
		return fmt.Sprintf("if %s > 5 {\nreturn\n}\n", n), stop
	case 1:
		return "", fmt.Sprintf("if %s <= 5 {\n%s}\n", n, stop)
	}
	check := b.names.fresh()
	b.declf("func %s(k int) error {\nif k > 5 {\nreturn errors.New(\"large\")\n}\nreturn nil\n}", check)
	return fmt.Sprintf("if err := %s(%s); err != nil {\nlog.Println(err)\nreturn\n}\n", check, n), stop
}

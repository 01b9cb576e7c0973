package flow

import (
	"strings"
	"testing"

	"golang.org/x/tools/go/ssa"
)

// TestPaths states whether some way leads through a call of a and one of b.
func TestPaths(t *testing.T) {
	const head = "func a()\nfunc b()\nfunc call() error\nfunc stub() error { return nil }\nfunc use(func())\nvar flag bool\n"
	for name, c := range map[string]struct {
		body string
		both bool
	}{
		"flag":     {"x := false; if flag { a(); x = true }; if !x { b() }", false},
		"other":    {"x := false; if flag { a() } else if len(s) > 0 { x = true }; if !x { b() }", true},
		"same":     {"if flag { a() }; if !flag { b() }", false},
		"store":    {"if flag { a(); flag = false }; if !flag { b() }", true},
		"length":   {"if len(s) > 3 { a() }; if len(s) > 3 { return }; b()", false},
		"error":    {"err := call(); if err != nil { a() }; if err == nil { b() }", false},
		"new":      {"err := call(); if err != nil { a() }; err = call(); if err == nil { b() }", true},
		"state":    {"n := 0; if flag { a(); n = 1 }; switch n { case 0: b() }", false},
		"captured": {"x := false; use(func() { x = true }); if flag { a(); x = true } else { x = false }; if !x { b() }", false},
		"shared":   {"x := false; use(func() { x = true }); if !x { a() }; if x { b() }", false},
		"zero":     {"var x bool; use(func() { if x { return } }); if flag { a(); x = true }; if !x { b() }", false},
		"loop":     {"x := false; for _, e := range s { if e > 0 { a(); x = true; break } }; if !x { b() }", false},
		"round":    {"for _, e := range s { if e > 0 { a(); continue }; b() }", true},
		"nil":      {"var p *int; if flag { a() } else { p = new(int) }; *p = 1; b()", false},
		"not nil":  {"p := new(int); if flag { a() } else { p = nil }; *p = 1; b()", true},
		"index":    {"var t []int; if flag { a() } else { t = s }; t[0] = 1; b()", false},
		"unused":   {"var t []int; if flag { a() } else { t = s }; if len(t) > 0 { t[0] = 1 }; b()", true},
		"behind":   {"var t []int; if flag { a() } else { t = s }; b(); t[0] = 1", false},
		"stub":     {"if stub() != nil { a() }; b()", false},
		"no stub":  {"if call() != nil { a() }; b()", true},
		"again":    {"for flag { if len(s) == 0 { a() } else { b() }; s = s[1:] }", true},
	} {
		fn := build(t, head+"func f(s []int) { "+c.body+" }")
		p := NewPaths(New(fn, Cuts{}), Flags{})
		if got := leads(p, fn, "a", "b"); got != c.both {
			t.Errorf("%s: a way through both: %v, want %v", name, got, c.both)
		}
	}
}

// TestCaptured states whether some way leads through a call of a and one of b in the
// literal of a function whose variable it captures.
func TestCaptured(t *testing.T) {
	const head = "func a()\nfunc b()\nfunc call() error\nfunc use(error)\nfunc do(func())\n"
	const untilError = "{ for err == nil { err = call(); a(); if err != nil { return } }; b() }"
	for name, c := range map[string]struct {
		body string
		both bool
	}{
		"own":     {"var err error; go func() " + untilError + "(); use(err)", false},
		"read":    {"var err error; go func() " + untilError + "(); go func() { use(err) }()", false},
		"set":     {"err := call(); go func() " + untilError + "()", false},
		"written": {"var err error; go func() " + untilError + "(); go func() { err = nil }()", true},
		"after":   {"var err error; go func() " + untilError + "(); err = call()", true},
		"many":    {"var err error; for range n { go func() " + untilError + "() }", true},
		"each":    {"for range n { var err error; go func() " + untilError + "() }", false},
		"handed":  {"var err error; do(func() " + untilError + ")", true},
	} {
		lit := build(t, head+"func f(n int) { "+c.body+" }").AnonFuncs[0]
		if got := leads(NewPaths(New(lit, Cuts{}), Flags{}), lit, "a", "b"); got != c.both {
			t.Errorf("%s: a way through both: %v, want %v", name, got, c.both)
		}
	}
}

// leads reports whether a way leads through a call of one function to one of the
// other.
func leads(p *Paths, fn *ssa.Function, from, to string) bool {
	var work []State
	for _, b := range fn.Blocks {
		if callsIn(b, from) {
			work = append(work, p.At(b)...)
		}
	}
	seen := make(map[State]bool)
	for len(work) > 0 {
		s := work[0]
		work = work[1:]
		if seen[s] {
			continue
		}
		seen[s] = true
		if callsIn(s.Block, to) {
			return true
		}
		for _, n := range p.Succs(s) {
			work = append(work, n.State)
		}
	}
	return false
}

func callsIn(b *ssa.BasicBlock, name string) bool {
	for _, in := range b.Instrs {
		if c, ok := in.(*ssa.Call); ok && strings.HasSuffix(c.Call.Value.Name(), name) && c.Call.StaticCallee() != nil {
			return true
		}
	}
	return false
}

// TestManyPaths states that a function with too many ways has all of them.
func TestManyPaths(t *testing.T) {
	var body strings.Builder
	for range 2 {
		for _, x := range "abcdefghijklmnop" {
			body.WriteString("if s[" + strings.Repeat("1+", int(x-'a')) + "0] > 0 { g(0) }\n")
		}
	}
	fn := build(t, "func g(int)\nfunc f(s [20]int) {"+body.String()+"}")
	p := NewPaths(New(fn, Cuts{}), Flags{})
	for _, b := range fn.Blocks {
		if len(p.At(b)) != 1 {
			t.Fatalf("block %d has %d states", b.Index, len(p.At(b)))
		}
	}
}

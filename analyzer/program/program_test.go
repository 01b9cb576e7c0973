package program_test

import (
	"strings"
	"testing"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/internal/roomtest"
	"github.com/killcheck/killcheck/analyzer/program"
)

// TestProgram tells of each goroutine which functions it runs and how long it is
// meant to live, of each function that it does not return or runs once in the life
// of the process, and of each call that it does not come back; and of each close where
// its function returns without, and which call of the outermost function does it.
func TestProgram(t *testing.T) {
	roomtest.Run(t, func(p *roomtest.Package) {
		prog := program.New(p.Input)
		for _, g := range prog.Goroutines {
			var names []string
			for _, f := range g.Frames {
				names = append(names, f.Fn.RelString(p.Pkg))
			}
			words := []string{"runs " + strings.Join(names, ", ")}
			if g.Process {
				words = append(words, "as long as the process")
			}
			if prog.Documented(g.Site.Pos) {
				words = append(words, "documented")
			}
			p.Say(g.Site.Pos, "%s", strings.Join(words, ", "))
		}
		for _, fn := range p.Functions {
			if fn.Pos().IsValid() && !prog.Returns(fn) {
				p.Say(fn.Pos(), "%s does not return", fn.RelString(p.Pkg))
			}
			if prog.Process[fn] {
				p.Say(fn.Pos(), "runs once")
			}
		}
		p.Each(func(in ssa.Instruction) {
			if prog.NoReturn(in) && in.Pos().IsValid() {
				p.Say(in.Pos(), "does not come back")
			}
			if c, ok := in.(*ssa.Call); ok && prog.IsSleep(&c.Call) {
				p.Say(in.Pos(), "sleeps")
			}
			if c, ok := in.(*ssa.Call); ok && prog.Looped(in) {
				p.Say(c.Pos(), "in a loop")
			}
			if c, ok := in.(ssa.CallInstruction); ok && c.Common().Value.Name() == "close" {
				sayLeftOut(p, prog, c)
			}
		})
	})
}

func sayLeftOut(p *roomtest.Package, prog *program.Program, c ssa.CallInstruction) {
	if r := prog.Skips(c.Parent(), nil, []ssa.Instruction{c}); r != nil {
		p.Say(c.Pos(), "left out by the return at %s", prog.Where(prog.ReturnPos(r)))
	}
	for _, in := range prog.Lift([]ssa.Instruction{c}, code.Outermost(c.Parent()), 3) {
		if in != ssa.Instruction(c) {
			p.Say(c.Pos(), "done by the call at %s", prog.Where(in.Pos()))
		}
	}
}

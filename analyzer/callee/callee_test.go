package callee_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/callee"
	"github.com/killcheck/killcheck/analyzer/internal/roomtest"
	"github.com/killcheck/killcheck/analyzer/program"
)

// TestCallees tells of each call how it is named and what it runs, and of each function
// what it calls and whether that may come back to it.
func TestCallees(t *testing.T) {
	roomtest.Run(t, func(p *roomtest.Package) {
		cs := callee.Callees{Program: program.New(p.Input)}
		for _, fn := range p.Functions {
			if names := namesOf(p, cs.In(fn)); len(names) > 0 {
				p.Say(fn.Pos(), "calls %s", strings.Join(names, ", "))
			}
			if slices.ContainsFunc(cs.In(fn), func(f *ssa.Function) bool { return cs.Reaches(f, fn) }) {
				p.Say(fn.Pos(), "and so itself")
			}
			cs.Each(fn, func(in ssa.CallInstruction) {
				text := []string{cs.Name(in) + "(" + cs.Argument(in, in.Pos(), 0, "") + ")"}
				if words := wordsOf(p, cs.Of(in)); len(words) > 0 {
					text = append(text, words...)
				}
				if callee.IsTold(in.Common().Signature()) {
					text = append(text, "is told")
				}
				if cs.Customary(in) {
					text = append(text, "customary")
				}
				p.Say(in.Pos(), "%s", strings.Join(text, ", "))
			})
		}
	})
}

func namesOf(p *roomtest.Package, fns []*ssa.Function) []string {
	var names []string
	for _, fn := range fns {
		names = append(names, fn.RelString(p.Pkg))
	}
	return names
}

func wordsOf(p *roomtest.Package, t callee.Target) []string {
	words := namesOf(p, t.Fns)
	if t.Row != nil {
		words = append(words, fmt.Sprintf("row %v", t.Row.Effect))
	}
	if t.Param != nil {
		words = append(words, "what is given for "+t.Param.Name())
	}
	if t.Unread {
		words = append(words, "not read")
	}
	if t.Brief {
		words = append(words, "returns by custom")
	}
	if t.Args {
		words = append(words, "with these arguments")
	}
	return words
}

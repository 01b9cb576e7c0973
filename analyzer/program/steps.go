package program

import (
	"fmt"
	"go/token"
	"path/filepath"

	"golang.org/x/tools/go/ssa"
)

// A Step is one position on the way from the spawn to the obstacle.
type Step struct {
	Pos, End token.Pos
	Text     string
}

// CallStep is the call with a text.
func (prog *Program) CallStep(c ssa.Instruction, text string) Step {
	return Step{Pos: prog.Syn.Start(c.Pos()), End: prog.Syn.End(c.Pos()), Text: text}
}

// ReturnStep is the place where a function returns.
func (prog *Program) ReturnStep(r *ssa.Return) Step {
	pos := prog.ReturnPos(r)
	return Step{Pos: pos, End: pos + 1, Text: "it can return here"}
}

// ReturnPos gives the position of a return, which may be the closing brace.
func (prog *Program) ReturnPos(r *ssa.Return) (pos token.Pos) {
	if pos = r.Pos(); !pos.IsValid() {
		if b := prog.Syn.Body(r.Parent()); b != nil {
			pos = b.Rbrace
		}
	}
	return pos
}

func (prog *Program) DropStep(r *ssa.Return) Step {
	pos := prog.ReturnPos(r)
	return Step{Pos: pos, End: pos + 1, Text: "the function can return here"}
}

// Where gives file and line.
func (prog *Program) Where(pos token.Pos) string {
	p := prog.Fset.Position(pos)
	return fmt.Sprintf("%s:%d", filepath.Base(p.Filename), p.Line)
}

// EndPos gives the position at which a way through a function ends: of a return, or
// of the last instruction before that has one.
func (prog *Program) EndPos(in ssa.Instruction) token.Pos {
	if r, ok := in.(*ssa.Return); ok {
		return prog.ReturnPos(r)
	}
	b := in.Block()
	for range 8 {
		for i := len(b.Instrs) - 1; i >= 0; i-- {
			if p := b.Instrs[i].Pos(); p.IsValid() {
				return p
			}
		}
		if b = b.Idom(); b == nil {
			break
		}
	}
	return token.NoPos
}

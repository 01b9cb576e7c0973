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

// StepAt is what stands at pos, such as a call, with a text.
func (prog *Program) StepAt(pos token.Pos, text string) Step {
	return Step{Pos: prog.Syn.Start(pos), End: prog.Syn.End(pos), Text: text}
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

// ReturnSpan gives what a report of a return underlines: its keyword, or the closing
// brace.
func (prog *Program) ReturnSpan(r *ssa.Return) (pos, end token.Pos) {
	pos = prog.ReturnPos(r)
	if r.Pos().IsValid() {
		return pos, pos + token.Pos(len("return"))
	}
	return pos, pos + 1
}

// DropStep is the place at which a function drops something.
func DropStep(pos token.Pos) Step {
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

package interrupt

import (
	"go/ast"
	"go/constant"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/flow"
	"github.com/killcheck/killcheck/analyzer/handle"
	"github.com/killcheck/killcheck/analyzer/kb"
	"github.com/killcheck/killcheck/analyzer/program"
	"github.com/killcheck/killcheck/analyzer/signal"
)

// copiedOutput judges the run of a command whose output is copied by a goroutine
// of the library: the context kills the command, and a child of it that holds
// the output open keeps the wait going.
func (s *seeker) copiedOutput(c *ssa.Call) {
	row, ok := signal.Entry(s.h.ev.Base, &c.Call)
	if !ok || row.Kind != kb.KindProc || row.Effect != kb.Blocks || len(row.Wake(kb.CtxDone)) == 0 || len(row.Wake(kb.Kill)) == 0 || s.g == nil {
		return
	}
	cmd := code.Receiver(&c.Call)
	k := s.h.Of(cmd)
	if len(k.Makes) != 1 || k.Open {
		return
	}
	m := k.Makes[0].Call
	e, ok := signal.Entry(s.h.ev.Base, &m.Call)
	if !ok || e.Carries.Where != kb.Arg || !s.h.ev.HasGo(e.FixSince) {
		return
	}
	ctx := program.PlaceOf(&m.Call, e.Carries)
	if ctx == nil || !s.h.ev.Graph.Context(s.h.ev.Base, ctx).Ends || !s.copies(m, c) {
		return
	}
	script := s.shell(m)
	if !script && s.constant(m, e) {
		return // its author knows whether it starts children
	}
	s.add(FalseEnd{Kind: OutputCopied, Pos: c.Pos(), By: m.Pos(), Unsure: !script})
}

// copies reports whether the command that the call m makes has an output that a
// goroutine of the library copies, and no limit to the wait for it.
func (s *seeker) copies(m, run *ssa.Call) bool {
	copied := run.Call.Signature().Results().Len() > 1 // it collects the output itself
	e := handle.Escape{H: s.h.Handles, Seen: make(map[ssa.Value]bool)}
	e.Result(m, 0)
	if e.Out {
		return false
	}
	for v := range e.Seen {
		for _, r := range *v.Referrers() {
			fa, ok := r.(*ssa.FieldAddr)
			if !ok || fa.X != v {
				continue
			}
			named, st := code.StructOf(fa.X.Type())
			if named == nil {
				continue
			}
			row, ok := s.h.ev.Base.Field(named, st.Field(fa.Field).Name())
			if !ok {
				continue
			}
			for _, val := range code.StoresTo(fa) {
				switch row.Kind {
				case kb.KindProc:
					return false // the limit is set
				case kb.KindPipeIO:
					copied = copied || !s.h.isFile(val)
				}
			}
		}
	}
	return copied
}

// isFile reports whether the value is a file of the operating system, which a
// child process gets as it is, or may be one.
func (h *Interrupts) isFile(v ssa.Value) bool {
	if m, ok := v.(*ssa.MakeInterface); ok {
		v = m.X
	} else if types.IsInterface(v.Type()) {
		return true
	}
	set := types.NewMethodSet(v.Type())
	for i := range set.Len() {
		if fn, ok := set.At(i).Obj().(*types.Func); ok {
			if row, ok := h.ev.Base.Func(fn); ok && h.handsOut(row) {
				return true
			}
		}
	}
	return false
}

// handsOut reports whether the row is of a method that hands out the descriptor
// of a file, and turns the file to blocking mode for that.
func (h *Interrupts) handsOut(row kb.Entry) bool {
	return row.Effect == kb.Blocking
}

// shell reports whether the command runs a script: one of its constant
// arguments is the flag that shells take a script by.
func (s *seeker) shell(m *ssa.Call) bool {
	c, ok := s.h.ev.Syn.At[m.Pos()].(*ast.CallExpr)
	if !ok {
		return false
	}
	for _, a := range c.Args {
		tv := s.h.ev.Info.Types[a]
		if tv.Value == nil || tv.Value.Kind() != constant.String {
			continue
		}
		switch constant.StringVal(tv.Value) {
		case "-c", "/c", "/C":
			return true
		}
	}
	return false
}

// constant reports whether the name of the command is a constant.
func (s *seeker) constant(m *ssa.Call, row kb.Entry) bool {
	c, ok := s.h.ev.Syn.At[m.Pos()].(*ast.CallExpr)
	n := row.Carries.N + 1
	return ok && n < len(c.Args) && s.h.ev.Info.Types[c.Args[n]].Value != nil
}

// deafFile judges a deadline that is set on a file after its descriptor was
// handed out: it has no effect.
func (s *seeker) deafFile(c *ssa.Call) {
	row, ok := signal.Entry(s.h.ev.Base, &c.Call)
	if !ok || len(row.Raise(kb.Deadline)) == 0 || code.Receiver(&c.Call) == nil || !s.h.isFile(code.Receiver(&c.Call)) {
		return
	}
	if s.h.Clears(&c.Call) {
		return // that was to stop nobody
	}
	k := s.h.Of(code.Receiver(&c.Call))
	for _, b := range s.fn.Blocks {
		for _, in := range b.Instrs {
			fd, ok := in.(*ssa.Call)
			if !ok || !flow.Precedes(fd, c) {
				continue
			}
			e, ok := signal.Entry(s.h.ev.Base, &fd.Call)
			if !ok || !s.h.handsOut(e) || !s.h.Of(code.Receiver(&fd.Call)).Meets(k) || s.h.PolledAgain(fd) {
				continue
			}
			s.add(FalseEnd{Kind: FileBlocking, Pos: c.Pos(), By: fd.Pos(), Row: e})
			return
		}
	}
}

package lifetime

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/flow"
	"github.com/killcheck/killcheck/analyzer/kb"
	"github.com/killcheck/killcheck/analyzer/signal"
)

// An Ending is how a goroutine ends.
type Ending string

// The endings. Calls into other packages of which nothing is known are taken to
// return.
const (
	Ends      Ending = "ends"       // it waits for nothing and its loops are bounded
	Stops     Ending = "stops"      // it heeds the signals in By
	Stuck     Ending = "stuck"      // nothing can end it: a check says why
	ByProcess Ending = "by process" // it is meant to live as long as the process
	Unknown   Ending = "unknown"    // neither is shown; Why says what stands in the way
)

// A Verdict is the answer to the question how a goroutine ends.
type Verdict struct {
	Ending Ending
	By     []string // for Stops: the signals, as Go source
	Why    string   // for Unknown; empty if the code is out of sight
}

// String returns the verdict in words.
func (v Verdict) String() string {
	switch v.Ending {
	case Stops:
		return "stops by " + strings.Join(v.By, ", ")
	case ByProcess:
		return "lives as long as the process"
	case Unknown:
		if v.Why != "" {
			return "unknown (" + v.Why + ")"
		}
	}
	return string(v.Ending)
}

// verdict returns how g ends.
func (w *world) verdict(g *Goroutine) Verdict {
	if slices.ContainsFunc(w.found, func(o Obstacle) bool { return o.Site == g.Site && !o.Extended }) {
		return Verdict{Ending: Stuck}
	}
	if g.Process {
		return Verdict{Ending: ByProcess}
	}
	if g.Site.Body == nil {
		return Verdict{Ending: Unknown}
	}
	var by, why []string
	for _, f := range g.Frames {
		b, y := w.endings(f)
		by, why = append(by, b...), append(why, y...)
	}
	if g.Left != "" {
		why = append(why, g.Left)
	}
	if len(g.Frames) >= maxFrames {
		why = append(why, "it runs more functions than are looked at")
	}
	slices.Sort(by)
	by = slices.Compact(by)
	switch {
	case len(why) > 0 && len(by) > 0:
		return Verdict{Ending: Unknown, Why: "heeds " + strings.Join(by, ", ") + ", but " + why[0]}
	case len(why) > 0:
		return Verdict{Ending: Unknown, Why: why[0]}
	case len(by) > 0:
		return Verdict{Ending: Stops, By: by}
	}
	return Verdict{Ending: Ends}
}

// endings returns the stop signals that the function heeds, and what may keep it
// from returning.
func (w *world) endings(f *Frame) (by, why []string) {
	graph := w.plainGraph(f.Fn)
	checked := make(map[*ssa.BasicBlock]bool) // blocks with a stop on the way
	for _, e := range w.stopEdges(f.Fn) {
		checked[e.from] = true
		if sel, k := selectCase(e.from, slices.Index(e.from.Succs, e.to)); sel != nil && k < len(sel.States) {
			checked[sel.Block()] = true
			by = append(by, w.syn.channel(sel.States[k].Pos))
		} else {
			by = append(by, w.conditionText(condition(e.from)))
		}
	}
	waits := func(in ssa.Instruction, what string) {
		why = append(why, fmt.Sprintf("%s at %s shows no stop", what, w.where(in.Pos())))
	}
	for _, b := range f.Fn.Blocks {
		if !graph.Reachable(b) {
			continue
		}
		for _, in := range b.Instrs {
			switch in := in.(type) {
			case *ssa.Select:
				if in.Blocking && !checked[b] {
					waits(in, "the select")
				}
			case *ssa.Send:
				if !w.sendHasRoom(in) {
					waits(in, "the send")
				}
			case *ssa.UnOp:
				if in.Op != token.ARROW || checked[b] {
					continue
				}
				if c := w.Graph.Class(w.Base, in.X); len(c.Has(signal.Close)) > 0 || len(c.Contexts) > 0 {
					by = append(by, w.syn.channel(in.Pos()))
				} else if !w.timed(in.X) {
					waits(in, "the receive")
				}
			case ssa.CallInstruction:
				e, ok := signal.Entry(w.Base, in.Common())
				if ok && e.Effect == kb.Blocks && !takesContext(in.Common()) {
					waits(in, w.syn.callee(in.Pos()))
				}
			}
		}
	}
	for _, l := range graph.All() {
		if !w.bounded(f.Fn, l) && !slices.ContainsFunc(l.Blocks, func(b *ssa.BasicBlock) bool { return checked[b] }) {
			why = append(why, "the loop at "+w.where(w.syn.loopPos(f.Fn, l.Blocks))+" ends when its data say so")
		}
	}
	return by, why
}

// conditionText names what a condition asks.
func (w *world) conditionText(v ssa.Value) string {
	for range 4 {
		switch x := v.(type) {
		case *ssa.Call:
			return w.syn.callee(x.Pos()) + "()"
		case *ssa.BinOp:
			v = x.X
		case *ssa.UnOp:
			v = x.X
		case *ssa.Extract:
			v = x.Tuple
		}
	}
	return "a flag"
}

// sendHasRoom reports whether the send goes to a channel with room for more than
// nothing: whether it is enough is what the check abandoned looks at.
func (w *world) sendHasRoom(s *ssa.Send) bool {
	n, ok := w.capacity(w.Graph.Class(w.Base, s.Chan))
	return ok && n > 0
}

func takesContext(c *ssa.CallCommon) bool {
	return slices.ContainsFunc(c.Args, func(a ssa.Value) bool { return isContext(a.Type()) })
}

// bounded reports whether the loop counts, or ranges over what it has. A range
// over a channel is a receive, too, and is judged there.
func (w *world) bounded(fn *ssa.Function, l *flow.Loop) bool {
	switch s := w.syn.loop(fn, l.Blocks).(type) {
	case *ast.RangeStmt:
		t := w.Info.TypeOf(s.X)
		if t == nil {
			return false
		}
		_, isFunc := t.Underlying().(*types.Signature)
		return !isFunc
	case *ast.ForStmt:
		return s.Cond != nil && s.Post != nil
	}
	return false
}

// loopPos returns where the loop of fn that holds the blocks begins, or where fn
// does.
func (s *syntax) loopPos(fn *ssa.Function, blocks []*ssa.BasicBlock) token.Pos {
	if stmt := s.loop(fn, blocks); stmt != nil {
		return stmt.Pos()
	}
	return fn.Pos()
}

func (w *world) where(pos token.Pos) string {
	p := w.Fset.Position(pos)
	return fmt.Sprintf("%s:%d", filepath.Base(p.Filename), p.Line)
}

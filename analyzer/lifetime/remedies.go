package lifetime

import (
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/kb"
	"github.com/killcheck/killcheck/analyzer/signal"
)

// forOwner makes a remedy for a wait that lacks a stop signal one that makes the
// signal, too.
func forOwner(g *Goroutine, r Remedy) Remedy {
	if g == nil {
		return Remedy{}
	}
	r.Inner, r.Op, r.Spawn, r.Safe = r.Op, Owner, g.Site.Pos, false
	return r
}

// raising returns the remedy for a receive that nothing ends: what would raise
// the channel, or, where the channel belongs to an object, a stop for the object.
func (w *world) raising(g *Goroutine, in ssa.Instruction, v ssa.Value) Remedy {
	c := w.Graph.Class(w.Base, v)
	for _, ctx := range c.Contexts {
		if l := w.Graph.Context(w.Base, ctx); !l.Ends && l.Makes != nil {
			return Remedy{Op: Cancel, Pos: in.Pos(), At: l.Makes.Pos()}
		}
	}
	u, ok := in.(*ssa.UnOp)
	switch {
	case len(c.Makes) == 1 && len(c.Fields) == 0:
		return Remedy{Op: CloseChan, Pos: in.Pos(), At: c.Makes[0].Pos()}
	case ok && recvIsRange(u):
		return forOwner(g, Remedy{Op: Range, Pos: in.Pos()})
	case ok:
		return forOwner(g, Remedy{Op: Recv, Pos: in.Pos()})
	}
	return Remedy{}
}

// endErrorOf returns the variable that a call of the row returns once its handle
// is closed, or the empty string if that is not known.
func (w *world) endErrorOf(c *ssa.CallCommon) string {
	fn := signal.Callee(c)
	if fn == nil || fn.Pkg() == nil {
		return ""
	}
	found := ""
	for _, e := range w.Base.All() {
		if e.Effect == kb.EndError && strings.HasPrefix(e.Symbol, fn.Pkg().Path()+".") && w.hasGo(e.Since) {
			if found != "" {
				return ""
			}
			found = e.Symbol
		}
	}
	return found
}

// interrupt returns the remedy for a call on a handle that nobody closes.
func interrupt(c *waiting, at kb.Wake) Remedy {
	r := Remedy{Op: Interrupt, Pos: c.in.Pos(), Stop: c.stop, Wake: "Close", Arg: -1}
	if at.At.Where == kb.Arg {
		r.Arg = at.At.N
	}
	return r
}

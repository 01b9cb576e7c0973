package fault

import (
	"go/ast"
	"go/token"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/event"
	"github.com/killcheck/killcheck/analyzer/flow"
	"github.com/killcheck/killcheck/analyzer/program"
	"github.com/killcheck/killcheck/analyzer/wait"
	"github.com/killcheck/killcheck/analyzer/wake"
)

// A Broken is a loop without an exit, a loop that only success leaves, or an empty
// select, that keeps a function from returning although it is given a context.
type Broken struct {
	G     *program.Goroutine // see [program.Program.Promised]
	Pos   token.Pos          // where the function stays, or the call to another package that does
	Stay  event.Stay         // the same, if it stands in the function itself; else Stay.F is nil
	What  string             // for a place in another package: what stays, and where
	Name  string             // the context, or what carries it
	Hands bool               // what the loop runs may heed the context, though that ends no loop without an exit
}

// Broken returns where functions that are given a context stay for ever, which no
// goroutine runs that starts here. A loop that hands a context to a function which its
// caller has given is left out, and so is what says that it lasts as long as the process.
func (m *Faults) Broken() []Broken {
	var all []Broken
	for _, g := range m.Promised() {
		if d, ok := code.Outermost(g.Site.Body).Syntax().(*ast.FuncDecl); ok && d.Doc != nil && m.Base.LifetimePhrase(d.Doc.Text()) {
			continue
		}
		all = append(append(all, m.broken(g)...), m.retries(g)...)
	}
	return all
}

// retries returns the loops of the function that sleep in each round, and that only
// success leaves.
func (m *Faults) retries(g *program.Goroutine) []Broken {
	var all []Broken
	for _, s := range m.Stays(g) {
		if s.Kind == event.Retry && s.Stop.Ctx != "" && !m.SaysForever(s.Pos) {
			all = append(all, Broken{G: g, Pos: s.Pos, Stay: s, Name: s.Stop.Ctx})
		}
	}
	return all
}

func (m *Faults) broken(g *program.Goroutine) []Broken {
	fn := g.Site.Body
	var all []Broken
	for _, w := range append(m.OwnWaits(fn), m.Lasting(fn)...) {
		b := w.Best()
		if w.Meant || w.Op != wait.Nothing && (w.Op != wait.Loop || b == nil || b.Level != wake.Never || b.Why != wake.NoExit) || !w.Pos.IsValid() || m.SaysForever(w.Pos) {
			continue
		}
		x := Broken{G: g, Pos: w.Pos, Name: m.Carrier(fn).Name()}
		switch {
		case w.Far != "":
			x.What = m.Words(g, w)
		case w.Op == wait.Loop:
			l := m.loopOf(w)
			if l == nil || program.MayFail(l) {
				continue
			}
			unread, given := m.handsOn(l)
			if given {
				continue
			}
			x.Hands = unread
			x.Stay = event.Stay{Kind: event.NoExitStay, Loop: l, Stmt: m.Syn.Loop(w.Fn, l.Blocks), Pos: w.Pos}
			if x.Stay.Stmt == nil {
				continue // goto
			}
		default:
			x.Stay = event.Stay{Kind: event.EmptySelectStay, In: w.In, Pos: w.Pos}
		}
		if w.Fn == fn && w.Far == "" {
			x.Stay.F = g.Frames[0]
			x.Stay.Stop = m.StopAt(g, x.Stay.F, w.Pos)
		}
		all = append(all, x)
	}
	return all
}

// loopOf returns the loop that the wait is, or nil.
func (m *Faults) loopOf(w *wait.Wait) *flow.Loop {
	for _, l := range m.PlainGraph(w.Fn).All() {
		if l.Head == w.Head {
			return l
		}
	}
	return nil
}

// handsOn reports whether the loop hands a context, or what carries one, to code
// that was not read, which may heed it, though the loop goes on; and whether to a
// function that its caller has given: that may end the goroutine by itself.
func (m *Faults) handsOn(l *flow.Loop) (unread, given bool) {
	for _, b := range l.Blocks {
		for _, in := range b.Instrs {
			c, ok := in.(*ssa.Call)
			if !ok || !slices.ContainsFunc(c.Call.Args, func(a ssa.Value) bool { return code.IsContext(a.Type()) || code.IsStopChan(a.Type()) }) {
				continue
			}
			t := m.callees.Of(c)
			unread, given = unread || t.Unread, given || t.Param != nil
		}
	}
	return unread, given
}

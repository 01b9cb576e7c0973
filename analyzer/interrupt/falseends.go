package interrupt

import (
	"go/ast"
	"go/token"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/flow"
	"github.com/killcheck/killcheck/analyzer/handle"
	"github.com/killcheck/killcheck/analyzer/kb"
	"github.com/killcheck/killcheck/analyzer/program"
	"github.com/killcheck/killcheck/analyzer/signal"
)

// A FalseEnd is a call that is meant to end a wait, or a context that is, and does not.
type FalseEnd struct {
	Kind   FalseKind
	Pos    token.Pos // the wait; for FileBlocking the call that sets the deadline
	By     token.Pos // the call that was meant to end it, or that makes what it waits on, or puts it in blocking mode
	Unsure bool
	Row    kb.Entry // for MakerBound and FileBlocking: what is known of the wait, and of By

	Loop   token.Pos             // for AfterClose: the loop that goes round again
	Use    string                // for AfterClose: the error that tells of a close; empty if none does
	Wait   ssa.Instruction       // for TimerStopped: the receive
	Stops  []ssa.CallInstruction // for TimerStopped: the calls, in place of By
	Once   bool                  // for TimerStopped: a value comes once, and the wait is no loop
	Far    string                // for TimerStopped: the channel, if a function of another package receives from it
	Handle string                // for MakerBound: what nobody closes
	Way    handle.Way            // for MakerBound: what would end the wait
}

// A FalseKind says why the wait goes on.
type FalseKind int8

// The kinds of false ends.
const (
	AfterClose   FalseKind = iota // the call returns an error after a Close, and the loop around it goes round again
	TimerStopped                  // to stop a timer or ticker does not close its channel
	MakerBound                    // the context bounds only the making of the handle
	OutputCopied                  // children of a command may hold its output open
	FileBlocking                  // the file is in blocking mode
)

// FalseEnds returns what is meant to end waits of fn, and does not. The goroutine and
// its frame are one that runs fn, or nil.
func (h *Interrupts) FalseEnds(g *program.Goroutine, f *program.Frame, fn *ssa.Function) []FalseEnd {
	s := &seeker{h: h, g: g, f: f, fn: fn}
	graph := h.ev.PlainGraph(fn)
	for _, l := range graph.All() {
		if stmt := h.ev.Syn.Loop(fn, l.Blocks); stmt != nil {
			s.closedHandle(l, stmt)
		}
	}
	s.instructions(graph)
	return s.found
}

// A seeker collects the false ends of one function.
type seeker struct {
	h     *Interrupts
	g     *program.Goroutine
	f     *program.Frame
	fn    *ssa.Function
	found []FalseEnd
}

func (s *seeker) add(e FalseEnd) { s.found = append(s.found, e) }

// closedHandle finds loops without an exit in which a call returns an error once
// somebody closes its handle: the loop takes that error for a passing one.
func (s *seeker) closedHandle(l *flow.Loop, stmt ast.Stmt) {
	if !l.Endless() || s.g == nil {
		return
	}
	for _, b := range l.Blocks {
		for _, in := range b.Instrs {
			c, ok := in.(*ssa.Call)
			if !ok {
				continue
			}
			row, ok := signal.Entry(s.h.ev.Base, &c.Call)
			if !ok || row.Effect != kb.Blocks || s.h.ev.Syn.LoopAround(c.Pos()) != stmt || !code.GivesError(c) {
				continue
			}
			if r := s.closer(row, c); r != nil {
				if _, _, ok := s.h.ev.StayAt(stmt.Pos()); ok {
					s.add(FalseEnd{Kind: AfterClose, Pos: c.Pos(), By: r.Pos(), Loop: stmt.Pos(), Use: s.h.ev.EndErrorOf(&c.Call)})
				}
				return
			}
		}
	}
}

// closer returns a call outside the goroutine that closes what c waits on.
func (s *seeker) closer(row kb.Entry, c *ssa.Call) ssa.Instruction {
	for _, p := range row.Wake(kb.Close) {
		v := program.PlaceOf(&c.Call, p)
		if v == nil {
			continue
		}
		k := s.h.Of(v)
		for _, r := range s.h.Raised {
			if r.Event == kb.Close && !s.g.Has(r.In.Parent()) && k.Meets(r.What) && !s.h.local(r.In) && (!s.h.ev.InTest(r.In.Pos()) || s.h.ev.InTest(s.g.Site.Pos)) {
				return r.In
			}
		}
	}
	return nil
}

// local reports whether what the call closes is made in its function and does not leave it:
// nobody else waits on that.
func (h *Interrupts) local(closes ssa.Instruction) bool {
	c, ok := closes.(ssa.CallInstruction)
	if !ok {
		return false
	}
	v := h.ev.Origin(code.Receiver(c.Common()))
	if embedded, ok := v.(*ssa.FieldAddr); ok {
		v = h.ev.Origin(embedded.X)
	}
	switch v := v.(type) {
	case *ssa.Call:
		return v.Parent() == closes.Parent() && staysHere(v, 6)
	case *ssa.Extract:
		return v.Parent() == closes.Parent() && staysHere(v, 6)
	}
	return false
}

// staysHere reports whether nothing is done with the value but to call its methods.
func staysHere(v ssa.Value, depth int) bool {
	return depth > 0 && !slices.ContainsFunc(*v.Referrers(), func(r ssa.Instruction) bool {
		switch r := r.(type) {
		case ssa.CallInstruction:
			return code.Receiver(r.Common()) != v || slices.Contains(r.Common().Args[min(1, len(r.Common().Args)):], v)
		case *ssa.FieldAddr: // of what is embedded
			return !staysHere(r, depth-1)
		case *ssa.ChangeInterface:
			return !staysHere(r, depth-1)
		case *ssa.MakeInterface:
			return !staysHere(r, depth-1)
		case *ssa.TypeAssert, *ssa.BinOp, *ssa.DebugRef:
			return false
		}
		return true
	})
}

package interrupt

import (
	"go/token"
	"slices"
	"time"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/event"
	"github.com/killcheck/killcheck/analyzer/handle"
	"github.com/killcheck/killcheck/analyzer/kb"
	"github.com/killcheck/killcheck/analyzer/program"
	"github.com/killcheck/killcheck/analyzer/signal"
	"github.com/killcheck/killcheck/analyzer/spawn"
)

// A Deaf is a call of a goroutine, or of a function that is given a context, which can
// last, and which the stop that is in reach there does not end.
type Deaf struct {
	Kind   DeafKind
	F      *program.Frame // that makes the call
	Pos    token.Pos      // the call
	Name   string         // what is called
	Stop   event.Stop     // what does not end it
	Unsure bool           // it may be meant so, or does not last
	Row    kb.Entry       // what is known of the call, or of what it waits on

	Use    string          // for NoContext: the function that takes a context; for OtherContext: that is given another
	Made   token.Pos       // for NoContext: the call to replace by it; invalid if there is none
	Given  event.Stop      // for NoContext: the context to give it; for Hopeless: that of Child
	Fatal  bool            // for NoContext: an error of the call ends the program, and with a context a stop is one
	Handle string          // for Open: what nobody closes
	Way    handle.Way      // for Open: what would end the call
	Child  token.Pos       // for Hopeless: the call around it that a child process could make; invalid if there is none
	In     ssa.Instruction // for Sleep, LongSleep and Pause: the wait
	Most   time.Duration   // for Sleep, LongSleep, Pause and Unheard: how long it can be, if that is known
	Far    bool            // for Pause and Unheard: a function of another package waits
}

// A DeafKind says why the stop does not end the call.
type DeafKind int8

// The kinds of deaf calls.
const (
	Sleep        DeafKind = iota // it sleeps
	LongSleep                    // it sleeps for minutes, and no stop is in reach: a flag may be looked at
	NoContext                    // it takes no context, but another form of it does, or of what makes its object
	Stdin                        // it reads the standard input
	Open                         // nobody closes what it waits on, or sets a deadline
	FIFO                         // it waits for the other end of a FIFO
	Hopeless                     // nothing in this process ends it
	OtherContext                 // what makes its object is given a context that never ends
	Far                          // a function of another package, which is given the stop, makes a call that this does not end
	Pause                        // it waits for a timer
	Unheard                      // it waits for minutes, and who starts it closes a channel to stop it that nothing receives from
)

// Deaf returns the calls of the goroutine that its stop does not end. Loops that heed
// no stop at all are not looked into, nor calls in tests: a test is the other end of its
// connections itself, and sleeps as long as it wants to.
func (h *Interrupts) Deaf(g *program.Goroutine) []Deaf {
	if h.ev.EndsWithMain(g) {
		return nil
	}
	var all []Deaf
	if g.Site.Call != nil && g.Started() && (g.Site.Body == nil || len(g.Site.Body.Blocks) == 0) {
		all = append(h.farCalls(g, nil, g.Site.Inst), h.farPauses(g, nil, g.Site.Inst)...)
	}
	for _, f := range g.Frames {
		if h.ev.EndsSomething(f) {
			continue
		}
		graph := h.ev.PlainGraph(f.Fn)
		for _, b := range f.Fn.Blocks {
			for _, in := range b.Instrs {
				if u, ok := in.(*ssa.UnOp); ok && code.IsRecv(u) && graph.Executes(u) && !h.ev.InTest(u.Pos()) {
					if d, ok := h.pause(g, f, u); ok {
						all = append(all, d)
					}
				}
				if c, ok := in.(*ssa.Call); ok && graph.Executes(c) && !h.ev.InTest(c.Pos()) {
					if d, ok := h.call(&waiting{g: g, f: f, in: c}); ok {
						d.F, d.Pos, d.Name = f, c.Pos(), h.name(c)
						d.Unsure = d.Unsure || g.Process || h.ev.InCommand()
						all = append(all, d)
					} else {
						all = append(append(all, h.farCalls(g, f, c)...), h.farPauses(g, f, c)...)
					}
				}
			}
		}
	}
	return all
}

// name gives what the call names.
func (h *Interrupts) name(c *ssa.Call) string {
	if native, ok := code.CgoName(&c.Call); ok {
		return "C." + native
	}
	return h.ev.Syn.Callee(c.Pos())
}

// A waiting is one call in a goroutine that may be a wait.
type waiting struct {
	g    *program.Goroutine
	f    *program.Frame
	in   *ssa.Call
	row  kb.Entry
	stop event.Stop
}

// call judges one call.
func (h *Interrupts) call(c *waiting) (d Deaf, ok bool) {
	row, ok := signal.Entry(h.ev.Base, &c.in.Call)
	if !ok {
		row, ok = h.ev.Native(&c.in.Call)
	}
	if !ok || !row.Waits() && row.Effect != kb.Bounded || row.Effect == kb.Lock || row.Effect == kb.RLock {
		return Deaf{}, false
	}
	c.row = row
	judge := h.judge(c)
	if judge == nil {
		return Deaf{}, false
	}
	c.stop = h.ev.StopAt(c.g, c.f, c.in.Pos())
	if c.stop.Expr == "" && h.isHopeless(row) {
		c.stop = h.contextAround(c)
	}
	if c.stop.Expr == "" && h.ev.IsSleep(&c.in.Call) {
		if d, ok := h.unheard(c.g, h.longest(c.in.Call.Args[0])); ok {
			return d, true
		}
		return h.longSleep(c)
	}
	if c.stop.Expr == "" || !h.meantToStop(c.g, c.f, c.in.Pos(), c.stop) || h.ownerOf(c.f, c.in) {
		return Deaf{}, false
	}
	if h.ev.AfterStop(c.f, c.in) {
		if c.stop = h.otherStop(c); c.stop.Expr == "" || !h.ev.IsSleep(&c.in.Call) {
			return Deaf{}, false
		}
	}
	d, ok = judge(c)
	d.Stop = c.stop
	return d, ok
}

// meantToStop reports whether the stop signal is a context, or a channel that is
// closed to end something: by a method that closes, by what such a method calls,
// or by the function that starts the goroutine and what it alone calls. Other channels
// may tell of any event.
func (h *Interrupts) meantToStop(g *program.Goroutine, f *program.Frame, pos token.Pos, stop event.Stop) bool {
	if stop.Ctx != "" {
		return true
	}
	for x := range h.ev.Candidates(f.Fn, pos) {
		if x.Stop.Expr != stop.Expr {
			continue
		}
		cl := h.ev.Graph.Class(h.ev.Base, x.Value)
		if len(cl.Contexts) > 0 {
			return true
		}
		if waitedFor(g, cl) || h.ofOthers(g, cl) {
			return false
		}
		for _, o := range cl.Has(signal.Close) {
			if in := code.Outermost(g.Site.In); code.Outermost(o.Fn) == in || g.Started() && h.ev.CalledBy(in, o.Fn, 3) {
				return true
			}
			if h.ev.Closes(o.Fn, 3) && !event.MadeIn(cl, code.Outermost(o.Fn)) {
				return true
			}
		}
		return false
	}
	return false
}

// waitedFor reports whether the goroutine does nothing with the channel but wait
// for it, outside of a select: it then tells of an event that is to come.
func waitedFor(g *program.Goroutine, c *signal.Class) bool {
	n := 0
	for _, o := range c.Has(signal.Recv, signal.Range) {
		if g.Has(o.Fn) && o.Sel != nil {
			return false
		}
		if g.Has(o.Fn) {
			n++
		}
	}
	return n > 0
}

// ofOthers reports whether each channel is made where another goroutine starts that
// receives from it, while this one neither starts there nor receives: it is the stop of
// that goroutine alone, and the next one gets another.
func (h *Interrupts) ofOthers(g *program.Goroutine, c *signal.Class) bool {
	recvs := c.Has(signal.Recv, signal.Range)
	if len(c.Makes) == 0 || slices.ContainsFunc(recvs, func(o signal.Op) bool { return g.Has(o.Fn) }) {
		return false
	}
	return !slices.ContainsFunc(c.Makes, func(m *ssa.MakeChan) bool {
		return m.Parent() == g.Site.In || !slices.ContainsFunc(recvs, func(o signal.Op) bool {
			return slices.ContainsFunc(h.ev.SiteIndex().Of[o.Fn], func(s *spawn.Site) bool { return s.In == m.Parent() })
		})
	})
}

// judge chooses what decides about the call, or nil if nothing does.
func (h *Interrupts) judge(c *waiting) func(*waiting) (Deaf, bool) {
	switch {
	case h.ev.IsSleep(&c.in.Call):
		return h.sleeps
	case len(c.row.Wake(kb.CtxDone)) > 0:
		return h.madeWithout
	case h.ev.HasForm(c.row):
		return h.withForm
	case h.isHopeless(c.row):
		return h.hopeless
	case h.opensFIFO(c):
		return h.opening
	}
	if c.row.Effect == kb.Blocks || c.row.Effect == kb.Passes {
		return h.onHandle
	}
	return nil
}

// isHopeless reports whether nothing in this process ends a call of the row.
func (h *Interrupts) isHopeless(row kb.Entry) bool {
	switch row.Kind {
	case kb.KindTTY, kb.KindSyscall, kb.KindCgo, kb.KindCPU:
		return row.Effect == kb.Blocks && len(row.Wake(kb.Never)) > 0 && !h.ev.HasForm(row)
	}
	return false
}

// contextAround returns the context of the nearest function on the way to the
// call that has one: it cannot be handed down to a call that nothing ends, and
// so is missing in the function that makes the call.
func (h *Interrupts) contextAround(c *waiting) event.Stop {
	for f := c.f; f.From != nil; f = f.From {
		if s := h.ev.StopAt(c.g, f.From, f.Call.Pos()); s.Ctx != "" {
			return s
		}
	}
	return event.Stop{}
}

// ownerOf reports whether a loop around the call, or around the calls that lead
// to it, is reported for having no stop at all: that report owns the call.
func (h *Interrupts) ownerOf(f *program.Frame, in ssa.Instruction) bool {
	for ; f != nil; f = f.From {
		for _, l := range h.ev.PlainGraph(f.Fn).Around(in.Block()) {
			stmt := h.ev.Syn.Loop(f.Fn, l.Blocks)
			if stmt == nil {
				continue
			}
			if _, _, ok := h.ev.StayAt(stmt.Pos()); ok {
				return true
			}
		}
		if f.Call == nil {
			return false
		}
		in = f.Call
	}
	return false
}

// Accepts returns the calls that wait for a client, which need never come, in a function
// that is given a context and that its callers start, callees included.
func (h *Interrupts) Accepts(g *program.Goroutine) []Deaf {
	var all []Deaf
	for _, f := range h.framesOf(g) {
		for _, b := range f.Fn.Blocks {
			for _, in := range b.Instrs {
				if c, ok := in.(*ssa.Call); ok {
					if d, ok := h.accept(&waiting{g: g, f: f, in: c}); ok {
						d.F, d.Pos, d.Name, d.Unsure = f, c.Pos(), h.name(c), h.ev.InCommand()
						all = append(all, d)
					}
				}
			}
		}
	}
	return all
}

func (h *Interrupts) accept(c *waiting) (d Deaf, ok bool) {
	row, ok := signal.Entry(h.ev.Base, &c.in.Call)
	if !ok || row.Kind != kb.KindNetAccept || row.Effect != kb.Blocks || !h.ev.PlainGraph(c.f.Fn).Executes(c.in) {
		return Deaf{}, false
	}
	c.row, c.stop = row, h.ev.StopAt(c.g, c.f, c.in.Pos())
	if c.stop.Ctx == "" {
		c.stop = h.contextAround(c)
	}
	if c.stop.Ctx == "" || h.ev.AfterStop(c.f, c.in) {
		return Deaf{}, false
	}
	d, ok = h.onHandle(c)
	d.Stop = c.stop
	return d, ok
}

// framesOf returns the function with what it calls and what is given no context
// itself, to some depth.
func (h *Interrupts) framesOf(g *program.Goroutine) []*program.Frame {
	const most = 20
	frames := []*program.Frame{g.Frames[0]}
	seen := map[*ssa.Function]bool{g.Frames[0].Fn: true}
	for i := 0; i < len(frames) && len(frames) < most; i++ {
		for _, b := range frames[i].Fn.Blocks {
			for _, in := range b.Instrs {
				c, ok := in.(*ssa.Call)
				if !ok || c.Call.StaticCallee() == nil {
					continue
				}
				fn := c.Call.StaticCallee()
				if seen[fn] || fn.Blocks == nil || fn.Pkg == nil || fn.Pkg.Pkg != h.ev.Pkg || h.ev.Carrier(fn) != nil {
					continue
				}
				seen[fn] = true
				frames = append(frames, &program.Frame{Fn: fn, From: frames[i], Call: c})
			}
		}
	}
	return frames
}

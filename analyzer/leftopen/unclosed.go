// Package leftopen knows the handles that are left open: which waits of a goroutine only
// the close of a handle ends, and which way through the function that makes it leaves that
// out.
package leftopen

import (
	"go/token"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/handle"
	"github.com/killcheck/killcheck/analyzer/kb"
	"github.com/killcheck/killcheck/analyzer/program"
	"github.com/killcheck/killcheck/analyzer/signal"
	"github.com/killcheck/killcheck/analyzer/verdict"
	"github.com/killcheck/killcheck/analyzer/wait"
	"github.com/killcheck/killcheck/analyzer/wake"
)

// An Unclosed is a wait of a goroutine that only the close of a handle ends, of which
// every use is seen, and which nobody closes, or not on every way.
type Unclosed struct {
	At    token.Pos       // of the wait or loop, or of the call of another package that waits
	In    ssa.Instruction // nil for a loop
	F     *program.Frame  // nil if it is not known which runs it
	Name  string          // what would close it
	Maker *ssa.Function   // that makes it
	Ret   token.Pos       // where the maker returns without the close; invalid if nobody closes it
	Loop  bool
	Far   string // the place in another package; else empty
	Lives bool   // it may be meant to last as long as the process, or not to be left so
}

// Find returns such waits of the goroutine.
func Find(v *verdict.Verdicts, h *handle.Handles, g *program.Goroutine) []Unclosed {
	m := &finder{Verdicts: v, h: h}
	if g.Process || m.EndsWithMain(g) || !g.Started() || m.InTest(g.Site.Pos) || m.SaysDetached(g.Site.Pos) {
		return nil
	}
	var all []Unclosed
	ws, _ := m.Waits(g)
	for _, w := range ws {
		if w.Meant || w.Other || len(w.Wakes) == 0 || w.Op != wait.Loop && !(w.Op == wait.Call && w.Stays) || m.SaysForever(w.Pos) || m.InTest(w.Pos) {
			continue
		}
		if u, ok := m.unclosed(g, w); ok {
			all = append(all, u)
		}
	}
	return all
}

// A finder looks for them.
type finder struct {
	*verdict.Verdicts
	h *handle.Handles
}

// unclosed judges one wait.
func (m *finder) unclosed(g *program.Goroutine, w *wait.Wait) (Unclosed, bool) {
	o := opened{m: m, g: g, w: w}
	u := Unclosed{At: w.Pos, In: w.In, Loop: w.Op == wait.Loop, Far: w.Far}
	var sites []ssa.Instruction
	for i := range w.Wakes {
		k := &w.Wakes[i]
		if k.Action != wake.ByClose || k.Root == nil {
			return Unclosed{}, false
		}
		t := m.h.Trail(k.Root)
		if t == nil || !o.owner(k.Root) {
			return Unclosed{}, false
		}
		more, ok := o.sites(t, k.Only)
		if !ok {
			return Unclosed{}, false
		}
		sites = append(sites, more...)
		o.trails = append(o.trails, t)
		u.Lives = u.Lives || t.Listens()
		if u.Name == "" {
			u.Name = k.Name
		}
	}
	u.Name = o.name(u.Name, w, sites)
	if u.Maker, u.Ret, u.Lives = o.judge(sites, u.Lives); u.Maker == nil {
		return Unclosed{}, false
	}
	if i := slices.IndexFunc(g.Frames, func(f *program.Frame) bool { return f.Fn == w.Fn }); i >= 0 {
		u.F = g.Frames[i]
	}
	return u, true
}

// name names what would end the wait: the calls that close it, or the methods that could.
func (o *opened) name(name string, w *wait.Wait, sites []ssa.Instruction) string {
	m := o.m
	if len(sites) > 0 {
		if s := m.Syn.Callee(m.Syn.CalledAt(sites[0])); s != "a function" {
			return s
		}
		return name
	}
	x, ok := w.Wakes[0].Root.(*ssa.Extract)
	if !ok || len(m.h.Closers(x)) == 0 {
		return name
	}
	if v := m.AssignedTo(x.Parent(), x.Tuple.Pos(), x.Index); v != nil {
		return v.Name() + "." + m.h.Closers(x)[0]
	}
	return name
}

// opened gathers who closes what a wait is for.
type opened struct {
	m      *finder
	g      *program.Goroutine
	w      *wait.Wait
	maker  *ssa.Function   // makes the handles
	made   ssa.Instruction // the last of them
	trails []*handle.Trail
	left   *ssa.Return // of a function literal that can leave a close out
}

// owner notes what makes a handle; false if another function makes another one.
func (o *opened) owner(root ssa.Value) bool {
	in, ok := root.(ssa.Instruction)
	if !ok {
		return false
	}
	if o.maker == nil || o.maker == in.Parent() && o.m.Precedes(o.made, in) {
		o.maker, o.made = in.Parent(), in
	}
	return o.maker == in.Parent()
}

// sites returns where somebody closes the handle; false if something else may end a
// wait on it, or if it is not known when the close comes.
func (o *opened) sites(t *handle.Trail, only bool) ([]ssa.Instruction, bool) {
	var sites []ssa.Instruction
	for _, r := range t.Raised {
		switch {
		case r.Event == kb.Deadline && only, r.Event == kb.Peer:
			continue
		case r.Event != kb.Close || r.Apart:
			return nil, false
		}
		if o.m.OnlyIn(o.g, r.In.Parent(), 6) {
			if !o.after(r.In) {
				return nil, false
			}
			continue
		}
		more, ok := o.started(r.In)
		if !ok {
			return nil, false
		}
		sites = append(sites, more...)
	}
	return sites, true
}

// after reports whether the goroutine comes to the instruction only after the wait.
func (o *opened) after(in ssa.Instruction) bool {
	if in.Parent() != o.w.Fn {
		return o.around(in)
	}
	if _, ok := in.(*ssa.Defer); ok {
		return true
	}
	if o.w.Op != wait.Loop || o.w.Head == nil || !o.w.Head.Dominates(in.Block()) {
		return false
	}
	for _, l := range o.m.PlainGraph(o.w.Fn).Around(o.w.Head) {
		if l.Has(in.Block()) {
			return false
		}
	}
	return true
}

// around reports whether the instruction is a deferred call of a function that has
// called the one which waits.
func (o *opened) around(in ssa.Instruction) bool {
	if _, ok := in.(*ssa.Defer); !ok || o.m.Looped(in) {
		return false
	}
	for _, f := range o.g.Frames {
		if f.Fn != o.w.Fn {
			continue
		}
		for ; f != nil; f = f.From {
			if f.Fn == in.Parent() {
				return true
			}
		}
	}
	return false
}

// started returns the instruction, if it is not in a goroutine. What runs when a
// context ends comes with that: the calls that cancel it stand for it.
func (o *opened) started(in ssa.Instruction) ([]ssa.Instruction, bool) {
	m := o.m
	gs := m.WithBody(m.BodyOf(in.Parent()))
	if len(gs) == 0 {
		return []ssa.Instruction{in}, true
	}
	if len(gs) > 1 || gs[0].Site.Body != in.Parent() {
		return nil, false
	}
	c, ok := gs[0].Site.Inst.(*ssa.Call)
	if !ok {
		return nil, false
	}
	row, ok := signal.Entry(m.Base, &c.Call)
	if !ok || row.Effect != kb.Spawns || row.Carries.Where != kb.Arg || m.Skips(in.Parent(), nil, []ssa.Instruction{in}) != nil {
		return nil, false
	}
	ctx := program.PlaceOf(&c.Call, row.Carries)
	if ctx == nil {
		return nil, false
	}
	calls, open := m.Graph.Cancels(m.Base, ctx)
	undo, kept := m.h.Calls(c)
	if open {
		return nil, false
	}
	var sites []ssa.Instruction
	for _, x := range calls {
		sites = append(sites, x)
	}
	if len(sites) == 0 || len(undo) == 0 && !kept {
		return sites, true
	}
	if kept {
		return nil, false
	}
	var undone []ssa.Instruction
	for _, x := range undo {
		undone = append(undone, x)
	}
	if o.undone(c.Parent(), undone, sites) {
		return nil, true
	}
	return nil, false
}

// undone reports whether each of the sites comes only after a call of undo, as fn does
// them.
func (o *opened) undone(fn *ssa.Function, undo, sites []ssa.Instruction) bool {
	undo, ok := o.lift(undo, fn, 4)
	if !ok {
		return false
	}
	if sites, ok = o.lift(sites, fn, 4); !ok {
		return false
	}
	undo = slices.DeleteFunc(undo, func(u ssa.Instruction) bool {
		_, now := u.(*ssa.Call)
		return !now
	})
	for _, s := range sites {
		if _, last := s.(*ssa.Defer); last && len(undo) > 0 && o.m.Skips(fn, []ssa.Instruction{s}, undo) == nil {
			continue // each way to a return takes it back before
		}
		if !slices.ContainsFunc(undo, func(u ssa.Instruction) bool { return o.m.Precedes(u, s) }) {
			return false
		}
	}
	return true
}

// lift replaces the sites by the calls in fn that lead to them; false if one is also
// done elsewhere. One that a function literal of fn can leave out is dropped.
func (o *opened) lift(sites []ssa.Instruction, fn *ssa.Function, depth int) ([]ssa.Instruction, bool) {
	var lifted []ssa.Instruction
	for _, s := range sites {
		if s.Parent() == fn {
			lifted = append(lifted, s)
			continue
		}
		calls, open := o.m.Graph.Callers(s.Parent())
		if c := o.m.Callback(s.Parent()); c != nil {
			calls, open = []ssa.CallInstruction{c}, false
		}
		if depth == 0 || open || len(calls) == 0 || len(o.m.WithBody(s.Parent())) > 0 {
			return nil, false
		}
		if s.Parent().Parent() != nil && code.Outermost(s.Parent()) == code.Outermost(fn) && s != ssa.Instruction(o.g.Site.Inst) {
			if r := o.m.Skips(s.Parent(), nil, o.passing([]ssa.Instruction{s}, nil)); r != nil {
				o.left = r
				continue
			}
		}
		var ins []ssa.Instruction
		for _, c := range calls {
			ins = append(ins, c)
		}
		more, ok := o.lift(ins, fn, depth-1)
		if !ok {
			return nil, false
		}
		lifted = append(lifted, more...)
	}
	return lifted, true
}

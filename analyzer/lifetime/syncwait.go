package lifetime

import (
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"
	"golang.org/x/tools/go/types/typeutil"

	"github.com/killcheck/killcheck/analyzer/flow"
	"github.com/killcheck/killcheck/analyzer/kb"
	"github.com/killcheck/killcheck/analyzer/signal"
	"github.com/killcheck/killcheck/analyzer/spawn"
)

// syncWaits finds the waits for condition variables that nobody signals, and for
// wait groups that do not come to zero.
func (w *world) syncWaits(gs []*Goroutine) {
	s := w.syncIndex()
	for _, o := range s.waits {
		if w.deferredWait(o.in) {
			continue // judged where it stands only
		}
		e, _ := signal.Entry(w.Base, o.in.Common())
		if len(e.Wake(kb.Broadcast)) > 0 {
			if wakes, ok := s.on(&s.wakes, o.typ, o.class); ok && len(wakes) == 0 && !w.neverSet(receiver(o.in.Common())) {
				g, f := w.runner(gs, o.in.Parent())
				w.report(g, f, Obstacle{
					Kind: Unreleased, Pos: o.in.Pos(),
					Message: w.subjectOf(gs, o) + " waits for ever: nothing signals " + w.lockText(o.in),
					Remedy:  Remedy{Op: Broadcast, Pos: o.in.Pos(), Safe: true},
				})
			}
			continue
		}
		w.groupWait(gs, s, o)
	}
}

// neverSet reports whether v is read from a pointer field that nothing is stored
// in: code that uses it does not run.
func (w *world) neverSet(v ssa.Value) bool {
	load, ok := v.(*ssa.UnOp)
	if !ok {
		return false
	}
	field, ok := load.X.(*ssa.FieldAddr)
	if !ok {
		return false
	}
	set, _ := w.cellsOf().fields.At(field.X.Type()).(map[int]bool)
	return !set[field.Field]
}

func (w *world) deferredWait(c ssa.CallInstruction) bool {
	_, ok := c.(*ssa.Call)
	return !ok
}

// groupWait judges a wait for a wait group.
func (w *world) groupWait(gs []*Goroutine, s *syncOps, o syncOp) {
	dones, ok := s.on(&s.dones, o.typ, o.class)
	if !ok {
		return
	}
	adds, ok := s.on(&s.adds, o.typ, o.class)
	if !ok || len(adds) == 0 {
		return
	}
	name := w.lockText(o.in)
	switch {
	case len(dones) == 0:
		w.reportSync(gs, o, w.subjectOf(gs, o)+" waits for ever: nothing calls Done on "+name, Remedy{Op: Done, Pos: o.in.Pos(), At: adds[0].in.Pos()}, w.callStep(adds[0].in, "this makes it wait"))
	case w.tooEarly(o, adds, dones):
		w.reportSync(gs, o, w.subjectOf(gs, o)+" waits for ever: "+name+" counts the goroutines of all rounds of the loop, but the wait is inside it", Remedy{},
			w.callStep(adds[0].in, "all of them are counted here"))
	default:
		for _, r := range w.running(gs, dones[0].in.Parent()) { // Inv: it calls all of them
			g := r.g
			if ret := w.skipsDone(g, o, adds, dones); ret != nil {
				w.reportSync(gs, o, w.subjectOf(gs, o)+" can wait for ever: a goroutine that it waits for can return without "+name+".Done()", Remedy{},
					Step{Pos: g.Site.Pos, End: g.Site.End, Text: "it starts here"}, w.returnStep(ret))
				return
			}
		}
	}
}

// tooEarly reports whether the wait stands in a loop that starts one goroutine
// per round, while all of them have been counted before the loop.
func (w *world) tooEarly(o syncOp, adds, dones []syncOp) bool {
	fn := o.in.Parent()
	for _, l := range w.plainGraph(fn).Around(o.in.Block()) {
		for _, a := range adds {
			if a.in.Parent() != fn || l.Has(a.in.Block()) || !w.precedes(a.in, o.in) || one(a.in) {
				return false
			}
		}
		for _, d := range dones {
			if d.spawn || !w.startedIn(d.in.Parent(), fn, l) {
				return false
			}
		}
		return true
	}
	return false
}

// one reports whether the call adds the constant 1.
func one(c ssa.CallInstruction) bool {
	k, ok := c.Common().Args[1].(*ssa.Const)
	return ok && k.Value != nil && k.Int64() <= 1
}

// startedIn reports whether goroutines with the body fn start in the loop of
// parent and nowhere else.
func (w *world) startedIn(fn, parent *ssa.Function, l *flow.Loop) bool {
	sites := w.siteIndex().of[fn]
	return len(sites) == 1 && sites[0].In == parent && l.Has(sites[0].Inst.Block())
}

// skipsDone returns a return by which the goroutine ends without Done, although
// it calls it on another path and nobody else does.
func (w *world) skipsDone(g *Goroutine, o syncOp, adds, dones []syncOp) *ssa.Return {
	body := g.Site.Body
	if body == nil {
		return nil
	}
	counts := make(map[ssa.Instruction]bool)
	for _, d := range dones {
		if d.in.Parent() != body || d.spawn || w.deferredWait(d.in) || w.looped(d.in) {
			return nil
		}
		counts[d.in] = true
	}
	counted := false
	for _, a := range adds {
		if a.in.Parent() == g.Site.In && w.precedes(a.in, g.Site.Inst) {
			counted = true
		} else {
			return nil
		}
	}
	if !counted || recovers(body) {
		return nil
	}
	graph := flow.New(body, flow.Cuts{Stops: func(in ssa.Instruction) bool { return w.noReturn(in) || counts[in] }, Dead: w.openRange})
	for _, b := range body.Blocks {
		if !graph.Reachable(b) || graph.StopsAt(b) != nil {
			continue
		}
		if r, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return); ok {
			return r
		}
	}
	return nil
}

func (w *world) subjectOf(gs []*Goroutine, o syncOp) string {
	g, _ := w.runner(gs, o.in.Parent())
	return subject(g)
}

// runner returns a goroutine that runs fn, with its frame, or nils.
func (w *world) runner(gs []*Goroutine, fn *ssa.Function) (*Goroutine, *Frame) {
	if w.runners == nil {
		w.runners = make(map[*ssa.Function][]run)
		for _, g := range gs {
			for _, f := range g.Frames {
				w.runners[f.Fn] = append(w.runners[f.Fn], run{g, f})
			}
		}
	}
	if rs := w.runners[fn]; len(rs) > 0 {
		return rs[0].g, rs[0].f
	}
	return nil, nil
}

// running returns the goroutines that run fn, with their frames, in the order of gs.
func (w *world) running(gs []*Goroutine, fn *ssa.Function) []run {
	w.runner(gs, fn)
	return w.runners[fn]
}

// starts knows where goroutines start.
type starts struct {
	of map[*ssa.Function][]*spawn.Site       // by the body
	by map[ssa.CallInstruction][]*spawn.Site // by the go statement or call
}

// siteIndex returns the index of the sites.
func (w *world) siteIndex() *starts {
	if w.started == nil {
		w.started = &starts{make(map[*ssa.Function][]*spawn.Site), make(map[ssa.CallInstruction][]*spawn.Site)}
		for _, s := range w.Sites {
			w.started.by[s.Inst] = append(w.started.by[s.Inst], s)
			if s.Body != nil {
				w.started.of[s.Body] = append(w.started.of[s.Body], s)
			}
		}
	}
	return w.started
}

// A cellIndex knows what is stored where in the package.
type cellIndex struct {
	fields  typeutil.Map // pointer to a struct -> map[int]bool: fields that something is stored in
	globals map[*ssa.Global][]*ssa.Store
	made    map[*types.TypeName]bool // types of which objects are made outside of package-level variables
	single  map[*types.TypeName]bool // types of package-level variables
}

// cellsOf returns the index of the stores.
func (w *world) cellsOf() *cellIndex {
	if w.cells != nil {
		return w.cells
	}
	w.cells = &cellIndex{globals: make(map[*ssa.Global][]*ssa.Store), made: make(map[*types.TypeName]bool), single: make(map[*types.TypeName]bool)}
	for _, m := range w.Graph.Package().Members {
		if v, ok := m.(*ssa.Global); ok {
			if n := typeName(v.Type().(*types.Pointer).Elem()); n != nil {
				w.cells.single[n] = true
			}
		}
	}
	for _, fn := range w.Functions {
		outside := !(fn.Name() == "init" && fn.Synthetic != "" || w.inTest(fn.Pos()))
		for _, b := range fn.Blocks {
			for _, in := range b.Instrs {
				switch in := in.(type) {
				case *ssa.Store:
					w.cells.store(in)
				case *ssa.Alloc:
					// A variable that points to an object is none.
					if t, ok := types.Unalias(in.Type().(*types.Pointer).Elem()).(*types.Named); ok && outside {
						w.cells.made[t.Origin().Obj()] = true
					}
				}
			}
		}
	}
	return w.cells
}

func (x *cellIndex) store(in *ssa.Store) {
	switch a := in.Addr.(type) {
	case *ssa.FieldAddr:
		set, _ := x.fields.At(a.X.Type()).(map[int]bool)
		if set == nil {
			set = make(map[int]bool)
			x.fields.Set(a.X.Type(), set)
		}
		set[a.Field] = true
	case *ssa.Global:
		x.globals[a] = append(x.globals[a], in)
	}
}

// A run is a function that a goroutine runs.
type run struct {
	g *Goroutine
	f *Frame
}

func (w *world) reportSync(gs []*Goroutine, o syncOp, msg string, r Remedy, steps ...Step) {
	g, f := w.runner(gs, o.in.Parent())
	w.report(g, f, Obstacle{Kind: Unreleased, Pos: o.in.Pos(), Message: msg, Remedy: r}, steps...)
}

// callStep is the call with a text.
func (w *world) callStep(c ssa.Instruction, text string) Step {
	return Step{Pos: w.syn.start(c.Pos()), End: w.syn.end(c.Pos()), Text: text}
}

// returnStep is the place where a function returns.
func (w *world) returnStep(r *ssa.Return) Step {
	pos := w.returnPos(r)
	return Step{Pos: pos, End: pos + 1, Text: "it can return here"}
}

// returnPos gives the position of a return, which may be the closing brace.
func (w *world) returnPos(r *ssa.Return) (pos token.Pos) {
	if pos = r.Pos(); !pos.IsValid() {
		if b := w.syn.body(r.Parent()); b != nil {
			pos = b.Rbrace
		}
	}
	return pos
}

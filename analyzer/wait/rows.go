package wait

import (
	"go/token"
	"go/types"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/kb"
	"github.com/killcheck/killcheck/analyzer/program"
	"github.com/killcheck/killcheck/analyzer/signal"
	"github.com/killcheck/killcheck/analyzer/wake"
)

// rowWait returns the wait of a call that the knowledge base knows, or nil if it
// does not wait without bound. A lock is held for a moment, unless a check says
// otherwise.
func (m *Points) rowWait(e kb.Entry, at wake.Spot, c *ssa.CallCommon) *Wait {
	switch e.Effect {
	case kb.Blocks, kb.Passes:
	case kb.Spawns:
		if len(e.Wakes) == 0 {
			return nil
		}
	default:
		return nil
	}
	w := &Wait{Op: Call, Fn: at.Fn, In: at.In, Pos: at.Pos, Name: m.calleeText(at, e)}
	if recv := code.Receiver(c); recv != nil && e.Kind == kb.KindWait && len(e.Wake(kb.Peer))+len(e.Wake(kb.Done)) > 0 {
		w.Op = Join
		w.Wakes = []wake.Wake{m.Joined(at, recv)}
		return w
	}
	w.Stays = e.Kind == kb.KindHTTPServer && len(e.Wake(kb.Close)) > 0 || e.Drains.Where != kb.Nowhere
	timed, handles := true, 0
	for _, x := range e.Wakes {
		k := m.rowWake(w, e, x, at, c)
		if e.Drains.Where != kb.Nowhere && x.At != e.Drains && k.Level == wake.Itself {
			continue // what takes all that comes does not end it
		}
		w.Wakes = append(w.Wakes, k)
		switch x.Event {
		case kb.Close, kb.Deadline, kb.Underlying:
			if v := program.PlaceOf(c, x.At); v != nil && len(e.Wakes) > 0 && at.In != nil {
				timed = timed && (k.Level == wake.Itself || m.timed(at, v, e.Symbol))
				handles++
			}
		}
	}
	w.Timed = timed && handles > 0
	return w
}

// calleeText gives the source of the function that is called at the spot.
func (m *Points) calleeText(at wake.Spot, e kb.Entry) string {
	pos := at.Pos
	switch at.In.(type) {
	case *ssa.Go, *ssa.Defer:
		pos = m.Syn.Called(pos)
	}
	if s := m.Syn.Callee(pos); s != "a function" {
		return s
	}
	return code.ShortName(e.Symbol)
}

// rowWake returns one wake that a row names.
func (m *Points) rowWake(w *Wait, e kb.Entry, x kb.Wake, at wake.Spot, c *ssa.CallCommon) wake.Wake {
	unclear := wake.Wake{Action: wake.ByPeer, Level: wake.Unclear, Why: wake.Partner, At: at.Pos, What: w.Name}
	v := program.PlaceOf(c, x.At)
	switch x.Event {
	case kb.CtxDone:
		if v != nil {
			return m.contextWake(x, at, v, c)
		}
	case kb.Stop:
		if v != nil && code.IsChan(v.Type()) {
			return m.Closed(at, v, m.placeText(x.At, at, c))
		}
	case kb.Close, kb.Deadline, kb.Kill, kb.Underlying:
		if v != nil {
			k := wake.Wake{Action: wake.ByClose, Stop: e.Kind == kb.KindHTTPServer || e.Kind == kb.KindNetAccept}
			if (x.Event == kb.Underlying || e.Kind == kb.KindFileIO) && m.memory(v, 6) {
				return wake.Wake{Action: wake.ByData, Level: wake.Itself}
			}
			return m.HandleWake(at, v, k, m.placeText(x.At, at, c))
		}
	case kb.TimeoutArg, kb.Time:
		if x.At.Where == kb.Arg || e.Effect == kb.Bounded {
			return wake.Wake{Action: wake.ByTime, Level: wake.Itself}
		}
		if v != nil && x.Event == kb.TimeoutArg && x.At.Where == kb.Recv {
			if k, ok := m.limited(v, m.placeText(x.At, at, c)); ok {
				return k
			}
		}
		unclear.Action = wake.ByTime
	case kb.Broadcast, kb.SignalOne:
		if v != nil {
			return m.Signalled(at, v, c)
		}
	case kb.Never:
		if e.Kind == kb.KindHTTPServer {
			return wake.Wake{Action: wake.ByClose, Level: wake.Never, Why: wake.NobodyDoes, At: at.Pos, What: w.Name}
		}
	}
	return unclear
}

// placeText gives the source of a value of the call.
func (m *Points) placeText(p kb.Place, at wake.Spot, c *ssa.CallCommon) string {
	switch p.Where {
	case kb.Recv:
		name := m.calleeText(at, kb.Entry{})
		if i := strings.LastIndexByte(name, '.'); i > 0 {
			return name[:i]
		}
	case kb.Arg, kb.InArg:
		return m.callees.Argument(at.In, at.Pos, p.N, "it")
	}
	return "it"
}

// contextWake returns the wake by a context that the call is given, or that one
// of its objects carries.
func (m *Points) contextWake(x kb.Wake, at wake.Spot, v ssa.Value, c *ssa.CallCommon) wake.Wake {
	name := m.placeText(x.At, at, c)
	if code.IsContext(v.Type()) {
		return m.Cancelled(at, v, name+".Done()")
	}
	for _, mk := range m.h.Of(v).Makes {
		row, ok := signal.Entry(m.Base, &mk.Call.Call)
		if !ok || row.Carries.Where == kb.Nowhere {
			continue
		}
		if row.Carries.Where == kb.None {
			return wake.Wake{Action: wake.ByPeer, Level: wake.Unclear, Why: wake.Partner, At: at.Pos, What: name}
		}
		if ctx := program.PlaceOf(&mk.Call.Call, row.Carries); ctx != nil && code.IsContext(ctx.Type()) {
			text := "ctx"
			if mk.Call.Parent() == at.Fn {
				text = m.callees.Argument(mk.Call, mk.Call.Pos(), row.Carries.N, text)
			}
			k := m.Cancelled(at, ctx, text+".Done()")
			k.Carried = true
			return k
		}
	}
	return wake.Wake{Action: wake.ByPeer, Name: name, Level: wake.Unclear, Why: wake.NotSeen, At: at.Pos, What: name}
}

// memory reports whether the reader or writer v holds its data in memory: its
// type is one of the standard library whose methods no row says to wait, or one of the
// package whose methods wait for nothing.
func (m *Points) memory(v ssa.Value, depth int) bool {
	if depth == 0 {
		return false
	}
	o := m.Origin(v)
	if c, ok := o.(*ssa.Call); ok {
		if e, ok := signal.Entry(m.Base, &c.Call); ok {
			if e.Wraps.Where != kb.Nowhere {
				x := program.PlaceOf(&c.Call, e.Wraps)
				return x != nil && m.memory(x, depth-1)
			}
			return false
		}
	}
	if x, ok := o.(*ssa.Extract); ok {
		if c, ok := x.Tuple.(*ssa.Call); ok {
			e, ok := signal.Entry(m.Base, &c.Call)
			return ok && (e.Kind == kb.KindFileIO || e.Kind == kb.KindFileMeta) && e.Effect == kb.Bounded
		}
	}
	if x, ok := o.(*ssa.UnOp); ok && x.Op == token.MUL {
		if g, ok := x.X.(*ssa.Global); ok {
			v, _ := g.Object().(*types.Var)
			e, ok := m.Base.Var(v)
			return ok && (e.Effect == kb.Instant || e.Effect == kb.Bounded)
		}
	}
	n := code.TypeName(o.Type())
	if n != nil && n.Pkg() == m.Pkg {
		return m.ownMemory(n)
	}
	if n == nil || n.Pkg() == nil || !code.IsStd(n.Pkg().Path(), m.Module) {
		return false
	}
	if types.IsInterface(n.Type()) {
		return m.silent(n.Pkg().Path())
	}
	known := false
	ms := types.NewMethodSet(types.NewPointer(n.Type()))
	for i := range ms.Len() {
		fn, ok := ms.At(i).Obj().(*types.Func)
		if !ok || fn.Name() != "Read" && fn.Name() != "Write" {
			continue
		}
		known = true
		if _, row := m.Base.Func(fn); row {
			return false
		}
	}
	return known
}

// silent reports whether the knowledge base has no row of the package: nothing of
// it waits, whatever implements its interfaces there, as hashes do.
func (m *Points) silent(path string) bool {
	if m.rowsOf == nil {
		m.rowsOf = make(map[string]bool)
		for _, e := range m.Base.All() {
			symbol := strings.TrimLeft(e.Symbol, "(*")
			slash := strings.LastIndexByte(symbol, '/') + 1
			if dot := strings.IndexByte(symbol[slash:], '.'); dot > 0 {
				m.rowsOf[symbol[:slash+dot]] = true
			}
		}
	}
	return !m.rowsOf[path]
}

// timed reports whether a deadline bounds each wait on the handle v at the spot.
func (m *Points) timed(at wake.Spot, v ssa.Value, doing string) bool {
	return at.In != nil && at.In.Parent() == at.Fn && at.In.Block() != nil && m.h.Timed(at.In, v, doing)
}

package interrupt

import (
	"go/constant"
	"go/token"
	"go/types"
	"math"
	"time"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/flow"
	"github.com/killcheck/killcheck/analyzer/kb"
	"github.com/killcheck/killcheck/analyzer/program"
	"github.com/killcheck/killcheck/analyzer/signal"
)

// limits finds the longest time that a value can be.
type limits struct {
	h    *Interrupts
	open map[ssa.Value]bool // the values that are being looked at
	left *int               // how many values may still be looked at
}

// longest returns the longest time that the value can be.
func (h *Interrupts) longest(v ssa.Value) span { return orOfType(h.limits().of(v), v) }

// longestAt returns the longest time that the value can be where control is at the block.
func (h *Interrupts) longestAt(v ssa.Value, b *ssa.BasicBlock) span {
	return orOfType(h.limits().within(v, b), v)
}

func (h *Interrupts) limits() limits {
	left := 200
	return limits{h, make(map[ssa.Value]bool), &left}
}

// orOfType returns the limit or, where there is none, the longest time that an integer of
// a small type is, in nanoseconds: two seconds and a little for int32. What is multiplied
// by a unit is not asked for that.
func orOfType(s span, v ssa.Value) span {
	c, ok := v.(*ssa.Convert)
	if !ok || s.known {
		return s
	}
	b, ok := c.X.Type().Underlying().(*types.Basic)
	if !ok {
		return s
	}
	switch b.Kind() {
	case types.Int8, types.Uint8, types.Int16, types.Uint16:
		return span{most: math.MaxUint16, known: true}
	case types.Int32:
		return span{most: math.MaxInt32, known: true}
	case types.Uint32:
		return span{most: math.MaxUint32, known: true}
	}
	return s
}

// A span is the longest time that a value can be.
type span struct {
	most   time.Duration
	known  bool
	itself bool // among the ways to the value is one from itself, which adds nothing
}

// or joins two ways to a value.
func (a span) or(b span) span {
	return span{max(a.most, b.most), a.known && b.known, a.itself || b.itself}
}

// of returns the longest time that v can be.
func (l limits) of(v ssa.Value) span {
	if l.open[v] {
		return span{0, true, true}
	}
	if *l.left--; *l.left < 0 {
		return span{}
	}
	l.open[v] = true
	defer delete(l.open, v)
	switch v := v.(type) {
	case *ssa.Const:
		if v.Value == nil {
			return span{}
		}
		n, exact := constant.Int64Val(constant.ToInt(v.Value))
		return span{time.Duration(n), exact, false}
	case *ssa.ChangeType:
		return l.of(v.X)
	case *ssa.Convert:
		return l.of(v.X)
	case *ssa.Phi:
		return l.phi(v)
	case *ssa.BinOp:
		return l.binary(v)
	case *ssa.Call:
		return l.result(v)
	case *ssa.UnOp:
		if v.Op == token.MUL {
			return l.variable(v.X)
		}
	case *ssa.Parameter:
		return l.argument(v)
	}
	return span{}
}

// phi joins the ways. A way on which the value was compared with a limit, and
// replaced by it if it was longer, has that limit.
func (l limits) phi(v *ssa.Phi) span {
	all := span{known: true}
	for i, e := range v.Edges {
		s := l.limit(e, v.Block().Preds[i], v.Block())
		if !s.known {
			s = l.of(e)
		}
		all = all.or(s)
	}
	return all
}

// within returns the longest time that v can be where control is at the block: what
// is compared on the way there bounds it, too.
func (l limits) within(v ssa.Value, b *ssa.BasicBlock) span {
	if s := l.of(v); s.known {
		return s
	}
	for x := b; x.Idom() != nil; x = x.Idom() {
		if d := x.Idom(); len(x.Preds) == 1 && x.Preds[0] == d {
			if s := l.limit(v, d, x); s.known {
				return s
			}
		}
	}
	return span{}
}

// limit returns what v cannot exceed where control goes from one block to the
// next.
func (l limits) limit(v ssa.Value, from, to *ssa.BasicBlock) span {
	cmp, ok := flow.Condition(from).(*ssa.BinOp)
	if !ok || !flow.Same(cmp.X, v) {
		return span{}
	}
	below := from.Succs[0] == to // on this edge the comparison holds
	switch cmp.Op {
	case token.GTR, token.GEQ:
		below = !below
	case token.LSS, token.LEQ:
	default:
		return span{}
	}
	if !below {
		return span{}
	}
	return l.of(cmp.Y)
}

func (l limits) binary(v *ssa.BinOp) span {
	x, y := l.within(v.X, v.Block()), l.within(v.Y, v.Block())
	switch v.Op {
	case token.REM:
		return y
	case token.SUB:
		return x
	case token.QUO:
		if x.known && y.known && y.most != 0 {
			x.most /= y.most
		}
		return x
	}
	if !x.known || !y.known || x.itself || y.itself {
		return span{} // it may grow from round to round
	}
	switch v.Op {
	case token.MUL:
		if x.most > 0 && y.most > math.MaxInt64/x.most {
			return span{} // more than a time can be
		}
		return span{x.most * y.most, true, false}
	case token.ADD:
		return span{x.most + y.most, true, false}
	}
	return span{}
}

// result follows a call: of min to the shortest argument that is known, of a
// function of the package to what it returns.
func (l limits) result(c *ssa.Call) span {
	if b, ok := c.Call.Value.(*ssa.Builtin); ok && b.Name() == "min" {
		var least span
		for _, a := range c.Call.Args {
			if s := l.of(a); s.known && !s.itself && (!least.known || s.most < least.most) {
				least = s
			}
		}
		return least
	}
	if row, ok := signal.Entry(l.h.ev.Base, &c.Call); ok && row.Below.Where != kb.Nowhere {
		return l.of(program.PlaceOf(&c.Call, row.Below))
	}
	fn := c.Call.StaticCallee()
	if fn == nil || fn.Pkg == nil || fn.Pkg.Pkg != l.h.ev.Pkg || fn.Signature.Results().Len() != 1 {
		return span{}
	}
	all, some := span{known: true}, false
	for _, b := range fn.Blocks {
		if r, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return); ok {
			all, some = all.or(l.of(r.Results[0])), true
		}
	}
	all.known = all.known && some
	return all
}

// variable follows a captured variable that is set once, and a package variable
// or field to what is stored in it. A value
// that is not known does not count if there is one that is: what tests and
// options set is seldom longer than what the author has chosen.
func (l limits) variable(addr ssa.Value) span {
	if cell, _ := l.h.ev.Cell(addr, nil); cell != nil {
		if v := code.OnlyStore(cell); v != nil {
			return l.of(v)
		}
		return span{}
	}
	id := code.CellID(addr)
	if id == nil || l.h.Others(id) {
		return span{}
	}
	var all span
	for _, v := range l.h.Stores[id] {
		if s := l.of(v); s.known {
			all = span{max(all.most, s.most), true, all.itself || s.itself}
		}
	}
	return all
}

// argument follows a parameter to all calls.
func (l limits) argument(p *ssa.Parameter) span {
	calls, open := l.h.ev.Graph.Callers(p.Parent())
	if open || len(calls) == 0 {
		return span{}
	}
	all := span{known: true}
	for _, c := range calls {
		a := code.Argument(c.Common(), p)
		if a == nil {
			return span{}
		}
		all = all.or(l.of(a))
	}
	return all
}

package count

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/flow"
	"github.com/killcheck/killcheck/analyzer/program"
	"github.com/killcheck/killcheck/analyzer/signal"
)

// eachOwn reports whether the instruction operates on another channel in each
// round of the loop: the loop goes through the elements of a slice or map once,
// and each element has a channel of its own, or an object that has one.
func (c *counter) eachOwn(in ssa.Instruction, l *flow.Loop) bool {
	ops := c.ops[in]
	if len(ops) != 1 || !element(ops[0].Chan, l, 8) {
		return false
	}
	for m := range c.made {
		if !c.ct.KeptOnce(m, nil) {
			return false
		}
	}
	return true
}

// KeptOnce reports whether the channel is stored in one element at most; with a type, in
// one object of that type.
func (ct *Counts) KeptOnce(m *ssa.MakeChan, in *types.TypeName) bool {
	return kept(ct.PlainGraph(m.Parent()), m, m.Block(), 4, in) <= 1
}

// RoundsOn is [Counts.Rounds] of the start of the goroutine which sends on the
// channel: a loop that starts one for each element, with the channel of that
// element, starts one for each channel.
func (ct *Counts) RoundsOn(g *program.Goroutine, s *ssa.Send, m *ssa.MakeChan, start ssa.Instruction) int {
	ch := code.SourceOf(s.Chan)
	if p, ok := ch.(*ssa.Parameter); ok && p.Parent() == g.Site.Body && g.Site.Call != nil {
		if a := code.Argument(g.Site.Call, p); a != nil {
			ch = code.SourceOf(a)
		}
	}
	n := 1
	for _, l := range ct.PlainGraph(start.Parent()).Around(start.Block()) {
		if !l.Has(m.Block()) && (ch == nil || !element(ch, l, 8) || !ct.KeptOnce(m, nil)) {
			n = min(n*Bound(l), Many)
		}
	}
	return n
}

// element reports whether the value is, or is part of, an element to which the
// loop comes in one round only.
func element(v ssa.Value, l *flow.Loop, depth int) bool {
	if depth == 0 {
		return false
	}
	switch v := v.(type) {
	case *ssa.UnOp:
		return !code.IsRecv(v) && element(v.X, l, depth-1)
	case *ssa.FieldAddr:
		return element(v.X, l, depth-1)
	case *ssa.Field:
		return element(v.X, l, depth-1)
	case *ssa.TypeAssert:
		return element(v.X, l, depth-1)
	case *ssa.ChangeType:
		return element(v.X, l, depth-1)
	case *ssa.Alloc:
		x := code.OnlyStore(v)
		return x != nil && l.Has(v.Block()) && element(x, l, depth-1)
	case *ssa.IndexAddr:
		return l.Counts(v.Index) && fixed(v.X, l, 4)
	case *ssa.Index:
		return l.Counts(v.Index) && fixed(v.X, l, 4)
	case *ssa.Extract:
		switch t := v.Tuple.(type) {
		case *ssa.Next:
			return !t.IsString && l.Has(t.Block())
		case *ssa.TypeAssert:
			return element(t.X, l, depth-1)
		}
	}
	return false
}

// kept returns how many elements of slices and maps the value, which is made at
// home, is stored in: in itself, or as part of an object that is made with it.
func kept(g *flow.Graph, v ssa.Value, home *ssa.BasicBlock, depth int, in *types.TypeName) int {
	if depth == 0 {
		return Many
	}
	n := 0
	for _, r := range *v.Referrers() {
		switch r := r.(type) {
		case *ssa.Store:
			if r.Val != v {
				continue
			}
			switch at := r.Addr.(type) {
			case *ssa.IndexAddr:
				if in == nil {
					n += timesOf(g, r.Block(), home)
				}
			case *ssa.FieldAddr:
				times := timesOf(g, r.Block(), home)
				switch a, ok := at.X.(*ssa.Alloc); {
				case in != nil && code.TypeName(at.X.Type()) != in:
					continue
				case in == nil && ok:
					times *= max(kept(g, a, a.Block(), depth-1, nil), 1)
				}
				n += times
			case *ssa.Alloc: // a variable
				n += keptFrom(g, at, home, depth-1, in)
			default:
				return Many
			}
		case *ssa.MapUpdate:
			if r.Value == v && in == nil {
				n += timesOf(g, r.Block(), home)
			}
		case *ssa.MakeInterface:
			n += kept(g, r, home, depth-1, in)
		case *ssa.ChangeType:
			n += kept(g, r, home, depth-1, in)
		case *ssa.Phi:
			return Many
		}
	}
	return min(n, Many)
}

// keptFrom returns how often what is in the variable is stored elsewhere. A literal that
// captures the variable must only read what the object has.
func keptFrom(g *flow.Graph, variable ssa.Value, home *ssa.BasicBlock, depth int, in *types.TypeName) int {
	n := 0
	for _, r := range *variable.Referrers() {
		switch r := r.(type) {
		case *ssa.UnOp:
			if _, inside := variable.(*ssa.FreeVar); !inside {
				n += kept(g, r, home, depth, in)
			} else if kept(g, r, r.Block(), depth, in) > 0 {
				return Many
			}
		case *ssa.MakeClosure:
			i := slices.Index(r.Bindings, variable)
			if depth == 0 || i < 0 || keptFrom(g, r.Fn.(*ssa.Function).FreeVars[i], home, depth-1, in) > 0 {
				return Many
			}
		case *ssa.Store, *ssa.DebugRef:
		default:
			return Many
		}
	}
	return min(n, Many)
}

// timesOf returns how often control comes to the block while what is made at home
// is the same: once, or many times.
func timesOf(g *flow.Graph, b, home *ssa.BasicBlock) int {
	for _, l := range g.Around(b) {
		if !l.Has(home) {
			return Many
		}
	}
	return 1
}

// OneAnswer reports whether each channel of the class is there for one value at
// most: its maker receives from it, once, and nobody else does. Who has such a
// channel may be taken to send one.
func (ct *Counts) OneAnswer(c *signal.Class) bool {
	made := make(map[*ssa.Function]*ssa.MakeChan)
	for _, m := range c.Makes {
		made[m.Parent()] = m
	}
	taken := make(map[*ssa.Function]bool)
	for _, o := range c.Has(signal.Recv, signal.Range) {
		m := made[o.Fn]
		if m == nil || o.Kind == signal.Range || ct.Rounds(m, o.In) > 1 {
			return false
		}
		taken[o.Fn] = true
	}
	return len(made) > 0 && len(taken) == len(made)
}

// TakenAnew reports whether the instruction finds the channel anew in each round
// of the loops around it: in what a loop takes out of some store.
func (ct *Counts) TakenAnew(in ssa.Instruction, ch ssa.Value) bool {
	from := holder(ch)
	for _, l := range ct.PlainGraph(in.Parent()).Around(in.Block()) {
		if from == nil || !l.Has(from.Block()) {
			return false
		}
	}
	return true
}

// holder returns the instruction that gets what holds the channel.
func holder(v ssa.Value) ssa.Instruction {
	for range 8 {
		switch x := v.(type) {
		case *ssa.UnOp:
			if code.IsRecv(x) {
				return x
			}
			v = x.X
		case *ssa.FieldAddr:
			v = x.X
		case *ssa.Field:
			v = x.X
		case *ssa.TypeAssert:
			v = x.X
		case *ssa.ChangeType:
			v = x.X
		case ssa.Instruction:
			return x
		default:
			return nil
		}
	}
	return nil
}

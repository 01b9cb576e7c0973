package event

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/flow"
	"github.com/killcheck/killcheck/analyzer/program"
)

// SkipsStart returns a return by which the method that starts the goroutine leaves
// without starting it, because its object was made that way: a field that only those
// set who make objects says so, and there is no error. It is nil if there is none.
func (ev *Events) SkipsStart(g *program.Goroutine) *ssa.Return {
	s := g.Site
	if s.In.Signature.Recv() == nil || s.In.Parent() != nil {
		return nil
	}
	graph := flow.New(s.In, flow.Cuts{
		Stops: func(in ssa.Instruction) bool { return ev.NoReturn(in) || in == ssa.Instruction(s.Inst) },
		Dead:  ev.NeverTaken,
	})
	for _, b := range s.In.Blocks {
		r, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return)
		if !ok || !graph.Executes(r) || code.ReturnsError(r) || b == s.In.Recover {
			continue
		}
		conds := flow.HoldsAt(b)
		made := len(conds) > 0
		for cond := range conds {
			made = made && ev.setWhenMade(cond, 6)
		}
		if made {
			return r
		}
	}
	return nil
}

// setWhenMade reports whether the condition is computed from constants and from
// fields that are stored in by those alone who make the object.
func (ev *Events) setWhenMade(v ssa.Value, depth int) bool {
	if depth == 0 {
		return false
	}
	switch v := v.(type) {
	case *ssa.Const:
		return true
	case *ssa.BinOp:
		return ev.setWhenMade(v.X, depth-1) && ev.setWhenMade(v.Y, depth-1)
	case *ssa.UnOp:
		f, ok := v.X.(*ssa.FieldAddr)
		if !ok {
			_, field := v.X.(*ssa.Field)
			return v.Op.String() == "!" && !field && ev.setWhenMade(v.X, depth-1)
		}
		return !ev.storedLater(f)
	}
	return false
}

// storedLater reports whether somebody sets the field of an object that he has not
// made himself, or that cannot be seen.
func (ev *Events) storedLater(f *ssa.FieldAddr) bool {
	n := code.TypeName(f.X.Type())
	if n == nil || n.Pkg() != ev.Pkg {
		return true
	}
	if st, ok := n.Type().Underlying().(*types.Struct); !ok || st.Field(f.Field).Exported() && n.Exported() {
		return true
	}
	if ev.later == nil {
		ev.later = ev.setElsewhere()
	}
	return ev.later[code.Member{Owner: n, Index: f.Field}]
}

// setElsewhere returns the fields of which the address is used for more than to read
// them, in objects that the function has not made.
func (ev *Events) setElsewhere() map[code.Member]bool {
	set := make(map[code.Member]bool)
	for _, fn := range ev.Functions {
		for _, b := range fn.Blocks {
			for _, in := range b.Instrs {
				a, ok := in.(*ssa.FieldAddr)
				if !ok {
					continue
				}
				_, made := a.X.(*ssa.Alloc)
				if m, ok := code.MemberOf(a.X.Type(), a.Field).(code.Member); ok && !made && slices.ContainsFunc(*a.Referrers(), func(r ssa.Instruction) bool { return !reads(r) }) {
					set[m] = true
				}
			}
		}
	}
	return set
}

func reads(in ssa.Instruction) bool {
	switch in.(type) {
	case *ssa.UnOp, *ssa.DebugRef:
		return true
	}
	return false
}

// OnlyStarted reports whether nothing is done with the function literal but to start
// goroutines that run it.
func (ev *Events) OnlyStarted(fn *ssa.Function) bool {
	if fn.Parent() == nil {
		return false
	}
	starts := func(in ssa.Instruction) bool {
		for _, s := range ev.SiteIndex().Of[fn] {
			if s.Inst == in {
				return true
			}
		}
		return false
	}
	for _, r := range *fn.Referrers() {
		m, ok := r.(*ssa.MakeClosure)
		if !ok && !starts(r) || ok && slices.ContainsFunc(*m.Referrers(), func(x ssa.Instruction) bool { return !starts(x) }) {
			return false
		}
	}
	return true
}

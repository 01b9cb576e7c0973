package count

import (
	"go/constant"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/flow"
)

// outcomes are the fewest operations of a call, by what it returns last: an error
// or none, true or false.
type outcomes struct {
	any, good, bad int
	path           *Leave // that of any
}

type calleeKey struct {
	fn                    *ssa.Function
	strict, errors, value bool
	sure                  bool
	depth                 int
}

// maxLeast is how deep calls are followed to count what they do at least.
const maxLeast = 3

// least returns the fewest operations of the call, which runs the functions: those
// of a callee that is not known for certain count as many, as do those of one that
// does not return.
func (c *counter) least(call ssa.CallInstruction, fns []*ssa.Function) outcomes {
	many := outcomes{any: Many, good: Many, bad: Many}
	if c.Sure {
		many = outcomes{}
	}
	if len(fns) != 1 || c.depth >= maxLeast || len(fns[0].Blocks) == 0 || call.Common().IsInvoke() {
		return many
	}
	for m := range c.made {
		if c.depth == 0 && m.Parent() != c.fn {
			return many // each call may be about a channel of its own
		}
	}
	fn := fns[0]
	if fn.Parent() != nil || !c.ct.Affords(nil, fn, 0) {
		return many // what a literal does is seen by the function around it
	}
	key := calleeKey{fn, c.Strict, c.Errors, c.Values, c.Sure, c.depth}
	if o, ok := c.callees[key]; ok {
		return o
	}
	c.callees[key] = many // a recursive call
	in := &counter{ct: c.ct, fn: fn, g: c.ct.PlainGraph(fn), tally: c.tally, Strict: c.Strict, Sure: c.Sure, Errors: c.Errors, Values: c.Values, NoEnd: c.NoEnd, Shut: c.Shut, depth: c.depth + 1}
	o := many
	if !in.Defers() {
		o.good, _ = in.leastOf(fn, func(r *ssa.Return) bool { return says(r) != no })
		o.bad, o.path = in.leastOf(fn, func(r *ssa.Return) bool { return says(r) != yes })
		o.any = min(o.good, o.bad)
		if o.good < o.bad {
			_, o.path = in.leastOf(fn, nil)
		}
	}
	if _, path := in.leastOf(fn, nil); c.Sure && path == nil {
		o = many // it does not return
	}
	c.callees[key] = o
	return o
}

// given reports whether the call gives the channel to what it runs, and no other.
func (c *counter) given(call *ssa.CallCommon) bool {
	n := 0
	for _, a := range call.Args {
		if !code.IsChan(a.Type()) {
			continue
		}
		for _, m := range c.ct.Graph.Class(c.ct.Base, a).Makes {
			if !c.made[m] {
				return false
			}
			n++
		}
	}
	return n > 0
}

// leastOf returns the fewest operations on the way to one of the returns.
func (c *counter) leastOf(fn *ssa.Function, only func(*ssa.Return) bool) (int, *Leave) {
	c.only = only
	l, ok := c.LeastFrom(fn.Blocks[0], nil)
	if !ok {
		return Many, nil
	}
	return l.Count, &l
}

// What a return says.
const (
	maybe = iota
	yes   // no error, or true
	no    // an error, or false
)

// says tells what the last result of the return says.
func says(r *ssa.Return) int {
	if len(r.Results) == 0 {
		return maybe
	}
	v := r.Results[len(r.Results)-1]
	k, ok := v.(*ssa.Const)
	switch {
	case code.IsError(v.Type()) && ok && k.Value == nil:
		return yes
	case code.IsError(v.Type()):
		return failing(r, v)
	case ok && k.Value != nil && k.Value.Kind() == constant.Bool:
		if constant.BoolVal(k.Value) {
			return yes
		}
		return no
	}
	return maybe
}

// failing tells whether the error that is returned is not nil: known not to be, or
// made in the return.
func failing(r *ssa.Return, v ssa.Value) int {
	switch v.(type) {
	case *ssa.MakeInterface, *ssa.Call:
		return no
	}
	for cond, holds := range flow.HoldsAt(r.Block()) {
		if tested, ifNil := code.NilTest(cond); tested == v && ifNil != holds {
			return no
		}
	}
	return maybe
}

// outcome returns what edge i of b adds to the operations of a call that the block
// has done before and whose outcome decides.
func (c *counter) outcome(b *ssa.BasicBlock, i int) int {
	cond, holds := flow.Positive(flow.Condition(b))
	good := holds == (i == 0)
	v := cond
	if tested, ifNil := code.NilTest(cond); tested != nil && code.IsError(tested.Type()) {
		v, good = tested, good == ifNil
	}
	var call *ssa.Call
	switch x := v.(type) {
	case *ssa.Call:
		call = x
	case *ssa.Extract:
		call, _ = x.Tuple.(*ssa.Call)
		if call != nil && x.Index != call.Call.Signature().Results().Len()-1 {
			return 0
		}
	}
	if call == nil {
		return 0
	}
	fns, _ := c.ct.Graph.Callees(call)
	for _, fn := range fns {
		if !c.fns[fn] {
			continue
		}
		switch o := c.least(call, fns); {
		case good:
			return o.good - o.any
		default:
			return o.bad - o.any
		}
	}
	return 0
}

// inner returns the path of the first callee on the path that does less than many.
func (c *counter) inner(steps []*ssa.BasicBlock) *Leave {
	for _, b := range steps {
		for _, in := range b.Instrs {
			call, ok := in.(*ssa.Call)
			if !ok {
				continue
			}
			fns, _ := c.ct.Graph.Callees(call)
			if len(fns) == 1 && c.fns[fns[0]] {
				if o := c.least(call, fns); o.any < Many && o.path != nil {
					return o.path
				}
			}
		}
	}
	return nil
}

// byValue reports whether the branch of the block leaves the loop because of a value
// that this round has received, although something else tells when all has been
// received: a close, or their number.
func (c *counter) byValue(l *flow.Loop, b *ssa.BasicBlock) bool {
	cond := flow.Condition(b)
	if cond == nil || !c.received(cond, 8) {
		return false
	}
	if c.NoEnd {
		return true
	}
	for _, e := range l.Exits {
		if e.To == nil || e.From == b {
			continue
		}
		if recv := flow.RangeExit(e.From, flow.Succ(e)); recv != nil {
			if len(c.ops[recv]) > 0 && (c.closed || c.Shut) {
				return true
			}
			continue
		}
		if counting(flow.Condition(e.From), l) {
			return true
		}
	}
	return false
}

// counting reports whether the condition compares what counts the rounds of the
// loop, or says that a range has more.
func counting(cond ssa.Value, l *flow.Loop) bool {
	switch cond := cond.(type) {
	case *ssa.BinOp:
		return (cond.Op == token.LSS || cond.Op == token.GTR || cond.Op == token.LEQ || cond.Op == token.GEQ) && (l.Counts(cond.X) || l.Counts(cond.Y))
	case *ssa.Extract:
		_, ok := cond.Tuple.(*ssa.Next)
		return ok && cond.Index == 0
	}
	return false
}

// received reports whether the value is computed from what an operation of the same
// round has received, and not from whether the channel is closed.
func (c *counter) received(v ssa.Value, depth int) bool {
	in, ok := v.(ssa.Instruction)
	if !ok || depth == 0 {
		return false
	}
	switch x := in.(type) {
	case *ssa.Phi:
		return false // it may count what has come
	case *ssa.UnOp:
		if len(c.ops[x]) > 0 {
			return true
		}
	case *ssa.Extract:
		switch t := x.Tuple.(type) {
		case *ssa.UnOp:
			if len(c.ops[t]) > 0 {
				return x.Index == 0
			}
		case *ssa.Select:
			return x.Index >= 2 && c.caseOf(t, x.Index-2)
		}
	}
	var buf [8]*ssa.Value
	for _, op := range in.Operands(buf[:0]) {
		if *op != nil && c.received(*op, depth-1) {
			return true
		}
		if a, ok := (*op).(*ssa.Alloc); ok && c.stored(a, depth-1) {
			return true
		}
	}
	return false
}

// brought reports whether the error that the branch asks for was received as such: who
// sent it knows of it.
func (c *counter) brought(b *ssa.BasicBlock) bool {
	v, _ := code.NilTest(flow.Condition(b))
	for range 8 {
		switch x := v.(type) {
		case *ssa.Field:
			v = x.X
		case *ssa.FieldAddr:
			v = x.X
		case *ssa.UnOp:
			if x.Op != token.MUL {
				return c.received(v, 1)
			}
			v = x.X
		case *ssa.Alloc:
			vs := code.StoresTo(x)
			if len(vs) != 1 {
				return false
			}
			v = vs[0]
		case *ssa.Extract:
			return c.received(v, 1)
		default:
			return false
		}
	}
	return false
}

// stored reports whether what is received is stored in the variable.
func (c *counter) stored(a *ssa.Alloc, depth int) bool {
	vs := code.StoresTo(a)
	return len(vs) == 1 && c.received(vs[0], depth)
}

// caseOf reports whether result number i of the select belongs to a case that
// counts.
func (c *counter) caseOf(sel *ssa.Select, i int) bool {
	for k, st := range sel.States {
		if st.Dir != types.RecvOnly {
			continue
		}
		if i == 0 {
			for _, o := range c.ops[sel] {
				if o.Case == k {
					return true
				}
			}
			return false
		}
		i--
	}
	return false
}

package signal

import (
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/kb"
)

// set is what a search along edges finds.
type set struct {
	nodes   map[node]bool
	roots   []node         // nodes that nothing flows into, in the order of the search
	foreign []foreignField // fields of other packages' types, which anybody may set
	outside bool           // the search met the outside
	sends   bool           // forwards: the outside gets a value that it can send on or close
	recvs   bool           // forwards: the outside gets a value that it can receive from
}

func (g *Graph) backward(n node) set {
	s := set{nodes: make(map[node]bool)}
	work := []node{n}
	for len(work) > 0 {
		n := work[len(work)-1]
		work = work[:len(work)-1]
		if n == outside {
			s.outside = true
			continue
		}
		if s.nodes[n] {
			continue
		}
		s.nodes[n] = true
		if f, ok := g.foreign[n]; ok {
			s.foreign = append(s.foreign, f)
		} else if len(g.pred[n]) == 0 {
			s.roots = append(s.roots, n)
		}
		work = append(work, g.pred[n]...)
	}
	return s
}

func (g *Graph) forward(starts ...node) set {
	s := set{nodes: make(map[node]bool)}
	work := starts
	for len(work) > 0 {
		n := work[len(work)-1]
		work = work[:len(work)-1]
		if s.nodes[n] {
			continue
		}
		s.nodes[n] = true
		for _, x := range g.succ[n] {
			if x != outside {
				work = append(work, x)
				continue
			}
			s.outside = true
			dir := g.direction(n)
			s.sends = s.sends || dir != types.RecvOnly
			s.recvs = s.recvs || dir != types.SendOnly
		}
	}
	return s
}

// direction returns the direction of the channels that a node can be, or
// [types.SendRecv] if it does not say.
func (g *Graph) direction(n node) types.ChanDir {
	var t types.Type
	switch k := g.keys[n].(type) {
	case ssa.Value:
		t = k.Type()
	case result:
		t = k.fn.Signature.Results().At(k.index).Type()
	default:
		return types.SendRecv
	}
	if c, ok := t.Underlying().(*types.Chan); ok {
		return c.Dir()
	}
	return types.SendRecv
}

// OpKind is the kind of an operation on a channel.
type OpKind uint8

// The operations.
const (
	Send OpKind = iota
	Recv
	Range // a receive that is the head of a range loop
	Close
)

// An Op is one operation on a channel.
type Op struct {
	Kind OpKind
	In   ssa.Instruction
	Fn   *ssa.Function
	Chan ssa.Value
	Sel  *ssa.Select // the select it is a case of, if it is
	Case int         // number of the case in Sel.States
}

// Pos returns the position of the operation: the arrow, the for keyword of a
// range, or the call of close.
func (o Op) Pos() token.Pos {
	if o.Sel != nil {
		return o.Sel.States[o.Case].Pos
	}
	return o.In.Pos()
}

// Naked reports whether the operation is the only thing that its goroutine can
// do at that point: no case of a select with other cases or a default.
func (o Op) Naked() bool { return o.Sel == nil }

// collect records the channel operations of fn.
func (g *Graph) collect(fn *ssa.Function) {
	if g.closed && !g.live[fn] {
		return // nobody calls it
	}
	add := func(op Op) {
		op.Fn = fn
		n := g.value(op.Chan)
		g.ops[n] = append(g.ops[n], op)
	}
	for _, b := range fn.Blocks {
		for _, in := range b.Instrs {
			switch in := in.(type) {
			case *ssa.Store:
				if a, ok := in.Addr.(*ssa.FieldAddr); ok && interesting(in.Val.Type()) {
					if cell := g.find(g.value(a)); g.fieldReads[cell] == nil {
						g.fieldReads[cell] = in.Val
					}
				}
			case *ssa.Send:
				add(Op{Kind: Send, In: in, Chan: in.Chan})
			case *ssa.UnOp:
				if a, ok := in.X.(*ssa.FieldAddr); ok && in.Op == token.MUL && interesting(in.Type()) {
					g.fieldReads[g.find(g.value(a))] = in
				}
				if in.Op == token.ARROW {
					add(Op{Kind: recvKind(in), In: in, Chan: in.X})
				}
			case *ssa.Select:
				for i, st := range in.States {
					kind := Recv
					if st.Dir == types.SendOnly {
						kind = Send
					}
					add(Op{Kind: kind, In: in, Chan: st.Chan, Sel: in, Case: i})
				}
			case ssa.CallInstruction:
				if b, ok := in.Common().Value.(*ssa.Builtin); ok && b.Name() == "close" {
					add(Op{Kind: Close, In: in, Chan: in.Common().Args[0]})
				} else if !ok && !in.Common().IsInvoke() {
					n := g.value(in.Common().Value)
					g.invoked[n] = append(g.invoked[n], in)
				}
			}
		}
	}
}

func recvKind(in *ssa.UnOp) OpKind {
	if in.CommaOk && in.Block().Comment == "rangechan.loop" {
		return Range
	}
	return Recv
}

// reach finds the functions that can run.
func (g *Graph) reach() {
	g.live = make(map[*ssa.Function]bool)
	var work []*ssa.Function
	add := func(fn *ssa.Function) {
		if fn = origin(fn); !g.live[fn] {
			g.live[fn] = true
			work = append(work, fn)
		}
	}
	for _, fn := range g.fns {
		if fn.Parent() == nil && (fn.Signature.Recv() == nil && (fn.Name() == "main" || fn.Name() == "init") || fn.Synthetic != "" || g.Exported(fn) || g.escapes(fn)) {
			add(fn)
		}
	}
	var buf [16]*ssa.Value
	for len(work) > 0 {
		fn := work[len(work)-1]
		work = work[:len(work)-1]
		for _, b := range fn.Blocks {
			for _, in := range b.Instrs {
				for _, op := range in.Operands(buf[:0]) {
					if f, ok := (*op).(*ssa.Function); ok {
						add(f)
					}
				}
				if c, ok := in.(ssa.CallInstruction); ok {
					for _, t := range g.targets[c] {
						add(t)
					}
				}
			}
		}
	}
}

// Live reports whether fn can run. In a package that others import every
// function counts as live.
func (g *Graph) Live(fn *ssa.Function) bool { return !g.closed || g.live[fn] }

// Callers returns the calls of fn that are seen, go and defer statements
// included, and whether there may be others.
func (g *Graph) Callers(fn *ssa.Function) (calls []ssa.CallInstruction, open bool) {
	return g.calls[fn], g.Exported(fn) || g.escapes(fn)
}

// Callees returns the functions of the package that a call may run, and
// whether it may run others.
func (g *Graph) Callees(in ssa.CallInstruction) (fns []*ssa.Function, open bool) {
	return g.targets[in], g.open[in]
}

// Callee returns the function or method that a call names, or nil: for a call
// through an interface its abstract method.
func Callee(c *ssa.CallCommon) *types.Func {
	if c.IsInvoke() {
		return c.Method
	}
	fn := c.StaticCallee()
	if fn == nil {
		return nil
	}
	obj, _ := origin(fn).Object().(*types.Func)
	return obj
}

// Entry returns what the knowledge base says of the callee of a call.
func Entry(base *kb.Base, c *ssa.CallCommon) (kb.Entry, bool) {
	fn := Callee(c)
	if fn == nil {
		return kb.Entry{}, false
	}
	return base.Func(fn)
}

// FieldValue returns some value that is read from field, or written to it if none is read, number i of type t, or nil.
func (g *Graph) FieldValue(t types.Type, i int) ssa.Value {
	cell := g.find(g.fieldCell(t, i))
	return g.fieldReads[cell]
}

package owner

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/event"
	"github.com/killcheck/killcheck/analyzer/flow"
	"github.com/killcheck/killcheck/analyzer/signal"
)

// Ending returns the first plain call that ends the value, or nil.
func (d *Drop) Ending() ssa.Instruction {
	var first ssa.Instruction
	for in := range d.Uses {
		c, ok := in.(*ssa.Call)
		if ok && d.Ev.CloseCall(&c.Call) && (first == nil || in.Pos() < first.Pos()) {
			first = in
		}
	}
	return first
}

// OpenAt reports whether control can get from the start to the end of the block
// without a use that ends the value.
func (d *Drop) OpenAt(end *ssa.BasicBlock) bool {
	graph := d.Ev.PlainGraph(end.Parent())
	seen := make(map[*ssa.BasicBlock]bool)
	work := []*ssa.BasicBlock{d.Start.Block()}
blocks:
	for len(work) > 0 {
		b := work[len(work)-1]
		work = work[:len(work)-1]
		if seen[b] {
			continue
		}
		seen[b] = true
		ins := b.Instrs
		if b == d.Start.Block() {
			ins = ins[slices.Index(ins, d.Start):]
		}
		for _, in := range ins {
			if d.Uses[in] {
				continue blocks
			}
		}
		if b == end {
			return true
		}
		work = d.next(graph, b, work)
	}
	return false
}

// AllocOf returns the only object of the type that fn makes, or nil.
func AllocOf(fn *ssa.Function, n *types.TypeName) *ssa.Alloc {
	var found *ssa.Alloc
	for _, b := range fn.Blocks {
		for _, in := range b.Instrs {
			if a, ok := in.(*ssa.Alloc); ok && a.Heap && code.IsObject(a.Type().(*types.Pointer).Elem(), n) {
				if found != nil {
					return nil
				}
				found = a
			}
		}
	}
	return found
}

// A Drop follows one value through the function that makes it.
type Drop struct {
	Ev       *event.Events
	Ender    string
	Start    ssa.Instruction        // the call that makes it, or starts its goroutine
	Err      ssa.Value              // the error of that call: where there is one there is no value
	AlsoEnds map[*ssa.Function]bool // functions that end the value as well
	Raises   []ssa.Instruction      // what ends the goroutine without a method
	Site     ssa.Instruction        // the start of the goroutine, which does not keep the value

	is    map[ssa.Value]bool
	says  map[ssa.Value]bool       // channels that a method of the value returns: it may say that it has ended
	Uses  map[ssa.Instruction]bool // after these somebody else is responsible
	All   bool                     // somebody is responsible from the start
	Ended bool                     // some use ends it
	Kept  bool                     // some use hands it on
}

// Follow records what is done with v.
func (d *Drop) Follow(v ssa.Value) {
	if d.is == nil {
		d.is, d.says, d.Uses = make(map[ssa.Value]bool), make(map[ssa.Value]bool), make(map[ssa.Instruction]bool)
	}
	if d.is[v] || v.Referrers() == nil {
		return
	}
	d.is[v] = true
	for _, r := range *v.Referrers() {
		switch r := r.(type) {
		case *ssa.Store:
			d.store(r, v)
		case *ssa.Phi, *ssa.ChangeType, *ssa.ChangeInterface, *ssa.MakeInterface, *ssa.TypeAssert, *ssa.Extract:
			d.Follow(r.(ssa.Value))
		case *ssa.BinOp, *ssa.If, *ssa.DebugRef, *ssa.UnOp, *ssa.Field:
		case *ssa.FieldAddr:
			d.part(r)
		case *ssa.MakeClosure:
			if !d.starts(r) {
				d.keep(r)
				d.deferred(r)
			}
		case ssa.CallInstruction:
			d.call(r, v)
		default:
			d.keep(r)
		}
	}
}

// starts reports whether the closure is the goroutine in question.
func (d *Drop) starts(m *ssa.MakeClosure) bool {
	for _, r := range *m.Referrers() {
		if r != d.Site {
			return false
		}
	}
	return d.Site != nil
}

// deferred notes a deferred closure that was set up before the start.
func (d *Drop) deferred(m *ssa.MakeClosure) {
	if m.Block().Dominates(d.Start.Block()) {
		d.All = true
	}
}

func (d *Drop) keep(in ssa.Instruction) { d.Uses[in], d.Kept = true, true }

func (d *Drop) end(in ssa.Instruction) { d.Uses[in], d.Ended = true, true }

// store follows the value into a local variable; any other variable keeps it.
func (d *Drop) store(s *ssa.Store, v ssa.Value) {
	if s.Val != v {
		return // into the object
	}
	if f, ok := s.Addr.(*ssa.FieldAddr); ok {
		if whole, ok := f.X.(*ssa.Alloc); ok && whole.Heap {
			d.Follow(whole) // who drops the whole drops its part
			return
		}
	}
	a, ok := s.Addr.(*ssa.Alloc)
	if !ok {
		d.keep(s)
		return
	}
	for _, r := range *a.Referrers() {
		switch r := r.(type) {
		case *ssa.UnOp:
			d.Follow(r)
		case *ssa.MakeClosure:
			d.All = true // a closure over the variable sees the value whenever it runs
		case *ssa.Store, *ssa.DebugRef:
		default:
			d.keep(s)
		}
	}
}

// part notes uses of a field of the value: a method of an embedded part may be
// the one that ends it.
func (d *Drop) part(a *ssa.FieldAddr) {
	for _, r := range *a.Referrers() {
		if _, ok := r.(*ssa.MakeClosure); ok {
			d.keep(r)
		}
	}
}

func (d *Drop) call(c ssa.CallInstruction, v ssa.Value) {
	if c == d.Start || c == d.Site {
		return
	}
	com := c.Common()
	if slices.Contains(d.Raises, ssa.Instruction(c)) {
		d.end(c)
		return
	}
	if code.Receiver(com) != v || code.Has(com.Args, v, 1) && !com.IsInvoke() || com.IsInvoke() && code.Has(com.Args, v, 0) {
		d.keep(c)
		return
	}
	if d.Ev.CloseCall(com) || d.endsCallee(c) || d.isEnder(com) {
		d.end(c)
		if _, ok := c.(*ssa.Defer); ok && c.Block().Dominates(d.Start.Block()) {
			d.All = true
		}
		return
	}
	switch c.(type) {
	case *ssa.Go, *ssa.Defer:
		d.keep(c)
		return
	}
	call, ok := c.(*ssa.Call)
	if ok && d.returnsItself(call) {
		d.Follow(call) // a method that returns its receiver
	}
	if ok && code.IsChan(call.Type()) {
		d.says[call] = true
		for _, r := range *call.Referrers() {
			if u, ok := r.(*ssa.UnOp); ok {
				d.Uses[u] = true
			}
		}
	}
}

// endsCallee reports whether a method that is called on the value ends it, or
// keeps it somewhere.
func (d *Drop) endsCallee(c ssa.CallInstruction) bool {
	fns, _ := d.Ev.Graph.Callees(c)
	return slices.ContainsFunc(fns, func(fn *ssa.Function) bool { return d.AlsoEnds[fn] || d.Ev.CallsClose(fn, 3) })
}

// isEnder reports whether the call is that of the ending method.
func (d *Drop) isEnder(c *ssa.CallCommon) bool {
	fn := signal.Callee(c)
	return fn != nil && fn.Name() == d.Ender
}

func (d *Drop) returnsItself(c *ssa.Call) bool {
	res := c.Call.Signature().Results()
	recv := c.Call.Signature().Recv()
	return res.Len() == 1 && recv != nil && code.TypeName(res.At(0).Type()) == code.TypeName(recv.Type())
}

// Paths returns the returns that control gets to from the start without a use
// that ends or keeps the value.
func (d *Drop) Paths() (rets []*ssa.Return) {
	if d.All {
		return nil
	}
	graph := d.Ev.PlainGraph(d.Start.Parent())
	from := d.Start.Block()
	seen := make(map[*ssa.BasicBlock]bool)
	work := []*ssa.BasicBlock{}
	scan := func(b *ssa.BasicBlock, ins []ssa.Instruction) {
		for _, in := range ins {
			if d.Uses[in] || in == graph.StopsAt(b) {
				return
			}
			if r, ok := in.(*ssa.Return); ok {
				if !slices.ContainsFunc(r.Results, func(v ssa.Value) bool { return d.is[v] }) {
					rets = append(rets, r)
				}
				return
			}
		}
		work = d.next(graph, b, work)
	}
	i := slices.Index(from.Instrs, d.Start)
	scan(from, from.Instrs[i+1:])
	for len(work) > 0 {
		b := work[len(work)-1]
		work = work[:len(work)-1]
		if seen[b] {
			continue
		}
		seen[b] = true
		scan(b, b.Instrs)
	}
	return rets
}

// next adds the blocks after b in which there is a value.
func (d *Drop) next(graph *flow.Graph, b *ssa.BasicBlock, work []*ssa.BasicBlock) []*ssa.BasicBlock {
	for _, to := range graph.Succs(b) {
		if !d.None(b, to) {
			work = append(work, to)
		}
	}
	return work
}

// None reports whether the edge is taken only where there is no value to end: the
// constructor failed, the value is nil, or it has said that it has ended.
func (d *Drop) None(b, to *ssa.BasicBlock) bool {
	if sel, k := flow.SelectCase(b, 0); sel != nil && k < len(sel.States) && b.Succs[0] == to && d.says[sel.States[k].Chan] {
		return true
	}
	cmp, ok := flow.Condition(b).(*ssa.BinOp)
	if !ok || len(b.Succs) != 2 || b.Succs[0] == b.Succs[1] {
		return false
	}
	holds := b.Succs[0] == to
	switch {
	case d.Err != nil && d.sameError(cmp.X) && code.IsNil(cmp.Y):
		return (cmp.Op.String() == "!=") == holds
	case d.is[cmp.X] && code.IsNil(cmp.Y):
		return (cmp.Op.String() == "==") == holds
	}
	return false
}

// sameError reports whether v is the error of the constructor, perhaps through
// a variable.
func (d *Drop) sameError(v ssa.Value) bool {
	if v == d.Err {
		return true
	}
	load, ok := v.(*ssa.UnOp)
	if !ok {
		if phi, ok := v.(*ssa.Phi); ok {
			return slices.Contains(phi.Edges, d.Err)
		}
		return false
	}
	// Inv: the store that the load reads is the last one before it in the code.
	var last *ssa.Store
	if a, ok := load.X.(*ssa.Alloc); ok {
		for _, r := range *a.Referrers() {
			if s, ok := r.(*ssa.Store); ok && s.Addr == a && s.Pos() < load.Pos() && s.Block().Dominates(load.Block()) && (last == nil || s.Pos() > last.Pos()) {
				last = s
			}
		}
	}
	return last != nil && last.Val == d.Err
}

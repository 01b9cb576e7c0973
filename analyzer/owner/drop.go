package owner

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/event"
	"github.com/killcheck/killcheck/analyzer/flow"
	"github.com/killcheck/killcheck/analyzer/kb"
	"github.com/killcheck/killcheck/analyzer/signal"
)

// ending returns the position of the first plain call that closes the value, if there
// is one.
func (d *drop) ending() token.Pos {
	first := token.NoPos
	for in := range d.uses {
		c, ok := in.(*ssa.Call)
		if ok && d.ev.CloseCall(&c.Call) && (!first.IsValid() || in.Pos() < first) {
			first = in.Pos()
		}
	}
	return first
}

// frees reports whether a use of the value is a close that frees something, not
// one that only ends a format.
func (d *drop) frees() bool {
	for in := range d.uses {
		if c, ok := in.(ssa.CallInstruction); ok {
			if row, ok := signal.Entry(d.ev.Base, c.Common()); ok && len(row.Raise(kb.Close)) > 0 {
				return true
			}
		}
	}
	return false
}

// openAt reports whether control can get from the start to the end of the block
// without a use that ends the value.
func (d *drop) openAt(end *ssa.BasicBlock) bool {
	graph := d.ev.PlainGraph(end.Parent())
	seen := make(map[*ssa.BasicBlock]bool)
	work := []*ssa.BasicBlock{d.start.Block()}
blocks:
	for len(work) > 0 {
		b := work[len(work)-1]
		work = work[:len(work)-1]
		if seen[b] {
			continue
		}
		seen[b] = true
		ins := b.Instrs
		if b == d.start.Block() {
			ins = ins[slices.Index(ins, d.start):]
		}
		for _, in := range ins {
			if d.uses[in] {
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

// allocOf returns the only object of the type that fn makes, or nil.
func allocOf(fn *ssa.Function, n *types.TypeName) *ssa.Alloc {
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

// A drop follows one value through the function that makes it.
type drop struct {
	ev       *event.Events
	ender    string
	start    ssa.Instruction        // the call that makes it, or starts its goroutine
	err      ssa.Value              // the error of that call: where there is one there is no value
	alsoEnds map[*ssa.Function]bool // functions that end the value as well
	raises   []ssa.Instruction      // what ends the goroutine without a method
	site     ssa.Instruction        // the start of the goroutine, which does not keep the value

	is    map[ssa.Value]bool
	says  map[ssa.Value]bool       // channels that a method of the value returns: it may say that it has ended
	gives map[ssa.Value]bool       // objects that a method of the value returns: who keeps one needs the value
	uses  map[ssa.Instruction]bool // after these somebody else is responsible
	all   bool                     // somebody is responsible from the start
	ended bool                     // some use ends it
	kept  bool                     // some use hands it on
}

// follow records what is done with v.
func (d *drop) follow(v ssa.Value) {
	d.begin()
	if d.is[v] || v.Referrers() == nil {
		return
	}
	d.is[v] = true
	for _, r := range *v.Referrers() {
		switch r := r.(type) {
		case *ssa.Store:
			d.store(r, v)
		case *ssa.Phi, *ssa.ChangeType, *ssa.ChangeInterface, *ssa.MakeInterface, *ssa.TypeAssert, *ssa.Extract:
			d.follow(r.(ssa.Value))
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

func (d *drop) begin() {
	if d.is == nil {
		d.is, d.says, d.gives, d.uses = make(map[ssa.Value]bool), make(map[ssa.Value]bool), make(map[ssa.Value]bool), make(map[ssa.Instruction]bool)
	}
}

// cleanup notes the uses of a function that the call returns beside the value, to be
// called when the value is not needed any more.
func (d *drop) cleanup(fn ssa.Value) {
	d.begin()
	for _, r := range *fn.Referrers() {
		switch r := r.(type) {
		case *ssa.DebugRef:
		case *ssa.Phi:
			if !d.is[r] {
				d.is[r] = true
				d.cleanup(r)
			}
		case ssa.CallInstruction:
			if r.Common().Value == fn {
				d.end(r)
				break
			}
			d.keep(r)
		default:
			d.keep(r)
		}
	}
}

// starts reports whether the closure is the goroutine in question.
func (d *drop) starts(m *ssa.MakeClosure) bool {
	for _, r := range *m.Referrers() {
		if r != d.site {
			return false
		}
	}
	return d.site != nil
}

// deferred notes a deferred closure that was set up before the start.
func (d *drop) deferred(m *ssa.MakeClosure) {
	if m.Block().Dominates(d.start.Block()) {
		d.all = true
	}
}

func (d *drop) keep(in ssa.Instruction) { d.uses[in], d.kept = true, true }

func (d *drop) end(in ssa.Instruction) { d.uses[in], d.ended = true, true }

// store follows the value into a local variable; any other variable keeps it.
func (d *drop) store(s *ssa.Store, v ssa.Value) {
	if s.Val != v {
		return // into the object
	}
	if f, ok := s.Addr.(*ssa.FieldAddr); ok {
		if whole, ok := f.X.(*ssa.Alloc); ok && whole.Heap {
			d.follow(whole) // who drops the whole drops its part
			d.readBack(whole, f.Field)
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
			d.follow(r)
		case *ssa.MakeClosure:
			d.all = true // a closure over the variable sees the value whenever it runs
		case *ssa.Store, *ssa.DebugRef:
		default:
			d.keep(s)
		}
	}
}

// readBack follows what is read from the field of the object: it is the value.
func (d *drop) readBack(whole *ssa.Alloc, field int) {
	for _, r := range *whole.Referrers() {
		f, ok := r.(*ssa.FieldAddr)
		if !ok || f.Field != field {
			continue
		}
		for _, r := range *f.Referrers() {
			if u, ok := r.(*ssa.UnOp); ok {
				d.follow(u)
			}
		}
	}
}

// part notes uses of a field of the value: a method of an embedded part may be
// the one that ends it.
func (d *drop) part(a *ssa.FieldAddr) {
	for _, r := range *a.Referrers() {
		if _, ok := r.(*ssa.MakeClosure); ok {
			d.keep(r)
		}
	}
}

func (d *drop) call(c ssa.CallInstruction, v ssa.Value) {
	if c == d.start || c == d.site {
		return
	}
	com := c.Common()
	if slices.Contains(d.raises, ssa.Instruction(c)) {
		d.end(c)
		return
	}
	if code.Receiver(com) != v || code.Has(com.Args, v, 1) && !com.IsInvoke() || com.IsInvoke() && code.Has(com.Args, v, 0) {
		d.keep(c)
		return
	}
	if d.ev.CloseCall(com) || d.endsCallee(c) || d.isEnder(com) {
		d.end(c)
		if _, ok := c.(*ssa.Defer); ok && c.Block().Dominates(d.start.Block()) {
			d.all = true
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
		d.follow(call) // a method that returns its receiver
	}
	if ok {
		d.given(call)
	}
	if ok && code.IsChan(call.Type()) {
		d.says[call] = true
		for _, r := range *call.Referrers() {
			if u, ok := r.(*ssa.UnOp); ok {
				d.uses[u] = true
			}
		}
	}
}

// given follows what a method of the value returns, such as a channel of a connection, to
// where it is kept: the value is kept with it.
func (d *drop) given(v ssa.Value) {
	if d.gives[v] || d.is[v] || v.Referrers() == nil {
		return
	}
	d.gives[v] = true
	for _, r := range *v.Referrers() {
		switch r := r.(type) {
		case *ssa.Extract, *ssa.Phi, *ssa.ChangeType, *ssa.ChangeInterface, *ssa.MakeInterface:
			if v := r.(ssa.Value); isObject(v.Type()) {
				d.given(v)
			}
		case *ssa.Store:
			if r.Val != v || !isObject(v.Type()) {
				continue
			}
			switch r.Addr.(type) {
			case *ssa.FieldAddr, *ssa.Global:
				d.keep(r)
			}
		}
	}
}

// isObject reports whether values of the type refer to something that does something.
func isObject(t types.Type) bool {
	switch t.Underlying().(type) {
	case *types.Pointer:
		return types.NewMethodSet(t).Len() > 0
	case *types.Interface:
		return !code.IsError(t)
	}
	return false
}

// endsCallee reports whether a method that is called on the value ends it, or
// keeps it somewhere.
func (d *drop) endsCallee(c ssa.CallInstruction) bool {
	fns, _ := d.ev.Graph.Callees(c)
	return slices.ContainsFunc(fns, func(fn *ssa.Function) bool { return d.alsoEnds[fn] || d.ev.CallsClose(fn, 3) })
}

// isEnder reports whether the call is that of the ending method.
func (d *drop) isEnder(c *ssa.CallCommon) bool {
	fn := signal.Callee(c)
	return fn != nil && fn.Name() == d.ender
}

func (d *drop) returnsItself(c *ssa.Call) bool {
	res := c.Call.Signature().Results()
	recv := c.Call.Signature().Recv()
	return res.Len() == 1 && recv != nil && code.TypeName(res.At(0).Type()) == code.TypeName(recv.Type())
}

// paths returns the returns that control gets to from the start without a use
// that ends or keeps the value.
func (d *drop) paths() (rets []*ssa.Return) {
	if d.all {
		return nil
	}
	graph := d.ev.PlainGraph(d.start.Parent())
	from := d.start.Block()
	seen := make(map[*ssa.BasicBlock]bool)
	work := []*ssa.BasicBlock{}
	scan := func(b *ssa.BasicBlock, ins []ssa.Instruction) {
		for _, in := range ins {
			if d.uses[in] || in == graph.StopsAt(b) {
				return
			}
			if r, ok := in.(*ssa.Return); ok {
				if !slices.ContainsFunc(r.Results, func(v ssa.Value) bool { return d.is[v] || d.gives[v] && isObject(v.Type()) }) {
					rets = append(rets, r)
				}
				return
			}
		}
		work = d.next(graph, b, work)
	}
	i := slices.Index(from.Instrs, d.start)
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
func (d *drop) next(graph *flow.Graph, b *ssa.BasicBlock, work []*ssa.BasicBlock) []*ssa.BasicBlock {
	for _, to := range graph.Succs(b) {
		if !d.none(b, to) {
			work = append(work, to)
		}
	}
	return work
}

// none reports whether the edge is taken only where there is no value to end: the
// constructor failed, the value is nil, or it has said that it has ended.
func (d *drop) none(b, to *ssa.BasicBlock) bool {
	if sel, k := flow.SelectCase(b, 0); sel != nil && k < len(sel.States) && b.Succs[0] == to && d.says[sel.States[k].Chan] {
		return true
	}
	if len(b.Succs) != 2 || b.Succs[0] == b.Succs[1] {
		return false
	}
	holds := b.Succs[0] == to
	if d.guard(flow.Condition(b)) {
		return holds
	}
	tested, ifNil := code.NilTest(flow.Condition(b))
	switch {
	case tested == nil:
	case d.err != nil && d.sameError(tested):
		return ifNil != holds
	case d.is[tested]:
		return ifNil == holds
	}
	return false
}

// guard reports whether the condition is what a function says of the error of the
// constructor: if it is true, there is one.
func (d *drop) guard(cond ssa.Value) bool {
	c, ok := cond.(*ssa.Call)
	return ok && d.err != nil && slices.ContainsFunc(c.Call.Args, d.sameError)
}

// sameError reports whether v is the error of the constructor, perhaps through
// a variable.
func (d *drop) sameError(v ssa.Value) bool {
	if v == d.err {
		return true
	}
	load, ok := v.(*ssa.UnOp)
	if !ok {
		if phi, ok := v.(*ssa.Phi); ok {
			return slices.Contains(phi.Edges, d.err)
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
	return last != nil && last.Val == d.err
}

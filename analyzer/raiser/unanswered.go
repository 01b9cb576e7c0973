package raiser

import (
	"go/constant"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/flow"
	"github.com/killcheck/killcheck/analyzer/signal"
)

// unanswered returns the receive of fn if it waits for the answer to a request that fn
// has made, and whoever takes the requests can go on to the next one without an answer.
func (p *Raisers) unanswered(fn *ssa.Function, u *ssa.UnOp) []Unraised {
	c := p.Graph.Class(p.Base, u.X)
	if code.RecvIsRange(u) || !c.Own() || len(c.Has(signal.Close)) > 0 || p.InTest(u.Pos()) || p.filled(u) {
		return nil
	}
	i := slices.IndexFunc(c.Makes, func(m *ssa.MakeChan) bool { return m.Parent() == fn })
	reply := replyField(c)
	if i < 0 || reply == nil {
		return nil
	}
	for _, h := range p.Handovers(c.Makes[i]) {
		queue, request := handed(h, u)
		if queue == nil {
			continue
		}
		takes := p.Graph.Class(p.Base, queue)
		if !takes.Own() {
			continue
		}
		s := &server{p: p, reply: *reply, asks: p.asks(request, reply.Owner)}
		for _, o := range takes.Has(signal.Recv, signal.Range) {
			if o.Fn == fn {
				break
			}
			if at := s.goesOn(o); at != nil {
				g, f := p.Runner(p.Goroutines, fn)
				return []Unraised{{Kind: ByServer, G: g, F: f, Pos: u.Pos(), Leaves: p.StepAt(at.Pos(), "on one way from here it goes on to the next without an answer")}}
			}
		}
	}
	return nil
}

// replyField returns the field of a request from which all who send on the channels of
// the class have read it, or nil.
func replyField(c *signal.Class) *code.Member {
	var field *code.Member
	for _, o := range c.Has(signal.Send) {
		m, ok := code.ReadFrom(o.Chan).(code.Member)
		if !ok || field != nil && m != *field {
			return nil
		}
		field = &m
	}
	return field
}

// handed returns the channel to which the request goes and the request, if the receive
// comes after that on every way.
func handed(h Handover, u *ssa.UnOp) (queue, request ssa.Value) {
	if s, ok := h.In.(*ssa.Send); ok && flow.Precedes(s, u) {
		return s.Chan, s.X
	}
	if h.To == nil || len(h.To.Preds) != 1 || !h.To.Dominates(u.Block()) {
		return nil, nil
	}
	for sel, k := range flow.CasesTo(h.To) {
		return sel.States[k].Chan, sel.States[k].Send
	}
	return nil, nil
}

// asks returns the constants that the request may hold in its fields; a field that may
// hold others is not there.
func (p *Raisers) asks(request ssa.Value, owner *types.TypeName) map[int][]constant.Value {
	made := p.literals(request, 3)
	st, isStruct := owner.Type().Underlying().(*types.Struct)
	if len(made) == 0 || !isStruct {
		return nil
	}
	known := make(map[int][]constant.Value)
	for i := range st.NumFields() {
		if k := zeroOf(st.Field(i).Type()); k != nil {
			known[i] = []constant.Value{k}
		}
	}
	for _, a := range made {
		for _, r := range *a.Referrers() {
			at, ok := r.(*ssa.FieldAddr)
			if !ok {
				continue
			}
			for _, v := range code.StoresTo(at) {
				if ks, ok := p.constants(v); ok {
					known[at.Field] = ks
				} else {
					delete(known, at.Field)
				}
			}
		}
	}
	return known
}

// literals returns the variables in which the request is made: one that holds it and
// those of which it is a copy; none if it has other sources.
func (p *Raisers) literals(request ssa.Value, depth int) []*ssa.Alloc {
	if load, ok := request.(*ssa.UnOp); ok && load.Op == token.MUL {
		request = load.X
	}
	made, ok := request.(*ssa.Alloc)
	if !ok || depth == 0 {
		return nil
	}
	all := []*ssa.Alloc{made}
	for _, v := range code.StoresTo(made) {
		more := p.literals(v, depth-1)
		if len(more) == 0 {
			return nil
		}
		all = append(all, more...)
	}
	return all
}

// zeroOf returns the zero value of a basic type, or nil.
func zeroOf(t types.Type) constant.Value {
	b, ok := t.Underlying().(*types.Basic)
	switch {
	case !ok:
		return nil
	case b.Info()&types.IsInteger != 0:
		return constant.MakeInt64(0)
	case b.Info()&types.IsBoolean != 0:
		return constant.MakeBool(false)
	case b.Info()&types.IsString != 0:
		return constant.MakeString("")
	}
	return nil
}

// constants returns the constants that the value may be: itself, or what all callers
// give for the parameter.
func (p *Raisers) constants(v ssa.Value) ([]constant.Value, bool) {
	switch v := v.(type) {
	case *ssa.Const:
		return []constant.Value{v.Value}, v.Value != nil
	case *ssa.Parameter:
		calls, open := p.Graph.Callers(v.Parent())
		var all []constant.Value
		for _, c := range calls {
			k, ok := code.Argument(c.Common(), v).(*ssa.Const)
			if !ok || k.Value == nil {
				return nil, false
			}
			all = append(all, k.Value)
		}
		return all, !open && len(all) > 0
	}
	return nil, false
}

// A server is who takes requests of one kind and answers on a field of them.
type server struct {
	p     *Raisers
	reply code.Member
	asks  map[int][]constant.Value // see [Peers.asks]
}

// goesOn returns where a round of the loop around the operation, which takes a request,
// can come to its end without having answered, or nil.
func (s *server) goesOn(o signal.Op) ssa.Instruction {
	v := o.Received()
	graph := s.p.PlainGraph(o.Fn)
	loops := graph.Around(o.In.Block())
	if v == nil || len(loops) == 0 {
		return nil
	}
	from := o.In.Block()
	if o.Sel != nil {
		if from = flow.CaseBlock(o.Sel, o.Case); from == nil {
			return nil
		}
	}
	return s.walk(v, from, o.In, loops[len(loops)-1].Head, 2)
}

// walk returns the last branch on a way from the block to the head, or to a return if that
// is nil, on which nothing may answer the request v.
func (s *server) walk(v ssa.Value, from *ssa.BasicBlock, start ssa.Instruction, head *ssa.BasicBlock, depth int) ssa.Instruction {
	held := s.holders(v)
	paths := flow.NewPaths(s.p.PlainGraph(from.Parent()), flow.Flags{})
	seen := make(map[seenState]bool)
	var work []step
	for _, at := range paths.At(from) {
		work = append(work, step{seenState: seenState{State: at}, branch: start})
	}
	for len(work) > 0 {
		x := work[len(work)-1]
		work = work[:len(work)-1]
		if seen[x.seenState] {
			continue
		}
		seen[x.seenState] = true
		if s.takenCareOf(held, x.Block, start, depth) {
			continue
		}
		if _, ok := x.Block.Instrs[len(x.Block.Instrs)-1].(*ssa.Return); ok && head == nil && !x.other {
			return x.branch
		}
		for _, n := range paths.Succs(x.State) {
			if v := flow.OfOtherType(x.Block, n.Edge); v != nil && held[objectOf(v)] {
				continue // who asks has put a value of the type there
			}
			next, ok := s.asked(held, x, n.Edge)
			if ok && n.Block == head && !next.other {
				return next.branch
			}
			if next.State = n.State; ok && n.Block != head {
				work = append(work, next)
			}
		}
	}
	return nil
}

// A step is where a way has come to.
type step struct {
	seenState
	branch ssa.Instruction // the last that has decided
}

// A seenState says whether the way is for requests with another value than those that the
// server has asked for: there may be none of them.
type seenState struct {
	flow.State
	other bool
}

// holders returns the values that are the request: itself, the local variables that hold
// it and what is loaded from them.
func (s *server) holders(v ssa.Value) map[ssa.Value]bool {
	held := map[ssa.Value]bool{v: true}
	for work := []ssa.Value{v}; len(work) > 0; {
		x := work[len(work)-1]
		work = work[:len(work)-1]
		for _, r := range *x.Referrers() {
			var next ssa.Value
			switch r := r.(type) {
			case *ssa.Store:
				if a, ok := r.Addr.(*ssa.Alloc); ok && r.Val == x {
					next = a
				}
			case *ssa.UnOp:
				if r.Op == token.MUL && r.X == x {
					next = r
				}
			}
			if next != nil && !held[next] {
				held[next] = true
				work = append(work, next)
			}
		}
	}
	return held
}

// takenCareOf reports whether the block, behind the start if that is in it, does with the
// request what may answer it: anything but to read its other fields.
func (s *server) takenCareOf(held map[ssa.Value]bool, b *ssa.BasicBlock, start ssa.Instruction, depth int) bool {
	instrs := b.Instrs
	if start != nil && start.Block() == b {
		instrs = instrs[slices.Index(instrs, start)+1:]
	}
	var buf [8]*ssa.Value
	for _, in := range instrs {
		for _, op := range in.Operands(buf[:0]) {
			if *op != nil && held[*op] && s.uses(in, *op, held, depth) {
				return true
			}
		}
		if s.isReply(in, held) {
			return true
		}
	}
	return s.p.PlainGraph(b.Parent()).StopsAt(b) != nil
}

// isReply reports whether the instruction reads the channel for the answer, to do more
// with it than to compare it.
func (s *server) isReply(in ssa.Instruction, held map[ssa.Value]bool) bool {
	v, ok := in.(ssa.Value)
	if !ok || code.ReadFrom(v) != any(s.reply) || !held[objectOf(v)] {
		return false
	}
	return slices.ContainsFunc(*v.Referrers(), func(r ssa.Instruction) bool {
		_, compares := r.(*ssa.BinOp)
		return !compares
	})
}

// objectOf returns that of which v is read as a field, or nil.
func objectOf(v ssa.Value) ssa.Value {
	switch v := v.(type) {
	case *ssa.Field:
		return v.X
	case *ssa.UnOp:
		if at, ok := v.X.(*ssa.FieldAddr); ok {
			return at.X
		}
	}
	return nil
}

// uses reports whether the instruction may answer the request, or give it to others.
func (s *server) uses(in ssa.Instruction, v ssa.Value, held map[ssa.Value]bool, depth int) bool {
	switch in := in.(type) {
	case *ssa.UnOp, *ssa.DebugRef, *ssa.Field, *ssa.BinOp:
		return false
	case *ssa.FieldAddr:
		return slices.ContainsFunc(*in.Referrers(), func(r ssa.Instruction) bool {
			load, ok := r.(*ssa.UnOp)
			return !ok || load.Op != token.MUL
		})
	case *ssa.Store:
		return !held[in.Addr] || !held[in.Val]
	case *ssa.Call:
		fn := in.Call.StaticCallee()
		if depth == 0 || fn == nil || len(fn.Blocks) == 0 || len(*in.Referrers()) > 0 {
			return true
		}
		for _, param := range fn.Params {
			if code.Argument(&in.Call, param) == v {
				return s.walk(param, fn.Blocks[0], nil, nil, depth-1) == nil
			}
		}
	}
	return true
}

// asked returns the step behind the edge, and whether a request that is waited for may
// take that, as far as it depends on its fields.
func (s *server) asked(held map[ssa.Value]bool, x step, edge int) (next step, ok bool) {
	cond, holds := flow.Positive(flow.Condition(x.Block))
	if in, ok := cond.(ssa.Instruction); ok && in.Pos().IsValid() {
		x.branch = in
	}
	holds = holds == (edge == 0)
	if m, ok := s.fieldOf(cond, held); ok {
		return s.maybe(x, m, constant.MakeBool(true), holds)
	}
	cmp, ok := cond.(*ssa.BinOp)
	if !ok || cmp.Op != token.EQL && cmp.Op != token.NEQ {
		return x, true
	}
	m, ok := s.fieldOf(cmp.X, held)
	if !ok {
		return x, true
	}
	holds = holds == (cmp.Op == token.EQL)
	if m == s.reply {
		return x, holds != code.IsNil(cmp.Y) // there is a channel
	}
	k, ok := cmp.Y.(*ssa.Const)
	if !ok || k.Value == nil {
		return x, false
	}
	return s.maybe(x, m, k.Value, holds)
}

// fieldOf returns the field of the request that v is read from.
func (s *server) fieldOf(v ssa.Value, held map[ssa.Value]bool) (code.Member, bool) {
	if v == nil {
		return code.Member{}, false
	}
	m, ok := code.ReadFrom(v).(code.Member)
	return m, ok && held[objectOf(v)]
}

// maybe reports whether a request that is waited for may hold the constant in the field, or
// another one. What is not known may be any that the server asks for.
func (s *server) maybe(x step, m code.Member, k constant.Value, equal bool) (step, bool) {
	values, known := s.asks[m.Index]
	if !known {
		x.other = !equal
		return x, true
	}
	return x, slices.ContainsFunc(values, func(v constant.Value) bool {
		return v.Kind() == k.Kind() && constant.Compare(v, token.EQL, k) == equal
	})
}

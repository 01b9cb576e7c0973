package flow

import (
	"go/constant"
	"go/token"
	"slices"
	"strconv"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
)

// maxVariables is how many variables of a function are followed along its paths,
// and maxConsts how many values they are compared with.
const (
	maxVariables = 60
	maxConsts    = 100
)

// variables are what the branches of a function ask for: a value that is compared
// with a constant, one that is true or false, or a channel of which a case of a select
// can be taken only if it is not nil. What is known of each on a path
// is a byte: 0 if nothing, 2n+1 if it is constant n, 2n+2 if it is not.
type variables struct {
	g       *Graph
	flags   Flags
	index   map[string]int   // by subject; see subject
	consts  map[string]int   // by text
	tests   []test           // by block: what its branch asks for
	stores  [][]assign       // by block: what it stores
	clears  map[[2]int][]int // by edge back to the head of a loop: what is computed anew
	live    [][]bool         // by block: what is asked for from there on
	needed  [][]int          // by block: what must not be nil in it
	numbers map[int]bool     // the variables that are compared with something else than true
}

// A test is the condition of a branch: the variable is the constant, or is not.
type test struct {
	of    int // the variable, or -1
	value ssa.Value
	is    int  // the constant
	holds bool // the first edge is taken if it is
	first bool // the second edge says nothing: another case of a select is taken
}

// An assign is a store to a variable.
type assign struct {
	to     int // the variable, or -1
	value  ssa.Value
	forget []int // comparisons with the variable
}

func newVariables(g *Graph, flags Flags) *variables {
	v := &variables{g: g, flags: flags, numbers: make(map[int]bool), index: make(map[string]int), consts: map[string]int{"true:bool": 0, "false:bool": 1}, clears: make(map[[2]int][]int)}
	asked := make(map[string]int)
	for _, b := range g.Fn.Blocks {
		if x, _, _, ok := v.asks(b); ok && g.Reachable(b) && !isCase(b) {
			asked[v.subject(x, 4)]++
		}
	}
	stored := v.stored()
	for _, b := range g.Fn.Blocks {
		x, _, _, ok := v.asks(b)
		if !ok {
			continue
		}
		s := v.subject(x, 4)
		phis := v.merged(x)
		if isCase(b) && len(phis) == 0 && !local(x) {
			continue // others may set the channel
		}
		if asked[s] > 1 || stored[s] || len(phis) > 0 {
			v.follow(s)
		}
		for _, phi := range phis {
			v.follow(phi.Name())
		}
	}
	for _, b := range g.Fn.Blocks {
		if g.Reachable(b) {
			for _, phi := range needs(b) {
				v.follow(phi.Name())
			}
		}
	}
	if len(v.index) == 0 {
		return &variables{}
	}
	v.findNeeds()
	v.tests = make([]test, len(g.Fn.Blocks))
	v.stores = make([][]assign, len(g.Fn.Blocks))
	for _, b := range g.Fn.Blocks {
		v.tests[b.Index].of = -1
		if x, c, holds, ok := v.asks(b); ok {
			i, known := v.index[v.subject(x, 4)]
			if n, ok := v.constant(c); ok && known {
				v.tests[b.Index] = test{i, x, n, holds, isCase(b)}
				if n > 1 {
					v.numbers[i] = true
				}
			}
		}
		if b.Index == 0 {
			v.begin()
		}
		for _, in := range b.Instrs {
			if addr, x := v.storedBy(in); addr != nil {
				v.store(b, addr, x)
			}
		}
	}
	v.loops()
	v.liveness()
	return v
}

// begin notes what captured variables hold when the function begins.
func (v *variables) begin() {
	for _, fv := range v.g.Fn.FreeVars {
		if first, own := ownVariable(fv); own && first != nil {
			v.store(v.g.Fn.Blocks[0], fv, first)
		}
	}
}

// follow adds a variable.
func (v *variables) follow(subject string) {
	if _, ok := v.index[subject]; !ok && len(v.index) < maxVariables {
		v.index[subject] = len(v.index)
	}
}

// stored returns the variables to which the function stores a value that is known.
func (v *variables) stored() map[string]bool {
	set := make(map[string]bool)
	for _, b := range v.g.Fn.Blocks {
		for _, in := range b.Instrs {
			if addr, x := v.storedBy(in); addr != nil && v.value(x, "") != 0 {
				set["*"+v.subject(addr, 3)] = true
			}
		}
	}
	return set
}

// merged returns the value and those that flow into it where branches meet, if one
// of them is known.
func (v *variables) merged(x ssa.Value) []*ssa.Phi {
	var phis []*ssa.Phi
	known := false
	work := []ssa.Value{x}
	for len(work) > 0 && len(phis) < 16 {
		phi, ok := work[0].(*ssa.Phi)
		work = work[1:]
		if !ok || slices.Contains(phis, phi) {
			continue
		}
		phis = append(phis, phi)
		for _, e := range phi.Edges {
			known = known || v.value(e, "") != 0
			work = append(work, e)
		}
	}
	if !known {
		return nil
	}
	return phis
}

// nothing is what is known at the entry.
func (v *variables) nothing() string { return string(make([]byte, len(v.index))) }

// asks returns the value that the branch at the end of the block asks for, and the
// constant with which it compares it.
func (v *variables) asks(b *ssa.BasicBlock) (x ssa.Value, is string, holds, ok bool) {
	cond := Condition(b)
	if cond == nil || len(b.Succs) != 2 || b.Succs[0] == b.Succs[1] {
		return nil, "", false, false
	}
	if sel, k := SelectCase(b, 0); sel != nil {
		if k >= len(sel.States) {
			return nil, "", false, false
		}
		return sel.States[k].Chan, "nil", false, true
	}
	cond, holds = Positive(cond)
	if cmp, isCmp := cond.(*ssa.BinOp); isCmp && (cmp.Op == token.EQL || cmp.Op == token.NEQ) {
		if k, isConst := cmp.Y.(*ssa.Const); isConst {
			return cmp.X, constText(k), holds == (cmp.Op == token.EQL), true
		}
	}
	return cond, "true:bool", holds, true
}

// isCase reports whether the branch at the end of the block takes a case of a select.
func isCase(b *ssa.BasicBlock) bool {
	sel, _ := SelectCase(b, 0)
	return sel != nil
}

// local reports whether the value is loaded from a variable of the function.
func local(x ssa.Value) bool {
	load, ok := x.(*ssa.UnOp)
	if !ok || load.Op != token.MUL {
		return false
	}
	_, ok = load.X.(*ssa.Alloc)
	return ok
}

// subject names the value such that two loads of one variable, or two
// comparisons of the same values, have one name.
func (v *variables) subject(x ssa.Value, depth int) string {
	switch x := x.(type) {
	case *ssa.Const:
		return constText(x)
	case *ssa.Global:
		return x.String()
	case *ssa.Parameter:
		return "$" + x.Name()
	case *ssa.FreeVar:
		return "^" + x.Name()
	}
	if depth == 0 {
		return x.Name()
	}
	switch x := x.(type) {
	case *ssa.UnOp:
		if x.Op == token.MUL {
			return "*" + v.subject(x.X, depth-1)
		}
	case *ssa.BinOp:
		return "(" + v.subject(x.X, depth-1) + x.Op.String() + v.subject(x.Y, depth-1) + ")"
	case *ssa.FieldAddr:
		return v.subject(x.X, depth-1) + "." + strconv.Itoa(x.Field)
	case *ssa.Call:
		if of := code.LenOf(x); of != nil {
			return "len(" + v.subject(of, depth-1) + ")"
		}
		if v.flags.Load != nil {
			if addr := v.flags.Load(x); addr != nil && alone(addr) {
				return "*" + v.subject(addr, depth-1)
			}
		}
	}
	return x.Name()
}

func constText(k *ssa.Const) string {
	if k.Value == nil {
		return "nil"
	}
	if k.Value.Kind() == constant.Bool {
		return k.Value.String() + ":bool"
	}
	return k.Value.ExactString() + ":" + k.Value.Kind().String()
}

// constant returns the number of the constant, or ok false if there are too many.
func (v *variables) constant(text string) (n int, ok bool) {
	if n, ok := v.consts[text]; ok {
		return n, true
	}
	if len(v.consts) == maxConsts {
		return 0, false
	}
	v.consts[text] = len(v.consts)
	return len(v.consts) - 1, true
}

// value returns what is known of the value.
func (v *variables) value(x ssa.Value, known string) byte {
	switch x := x.(type) {
	case *ssa.Const:
		if n, ok := v.constant(constText(x)); ok {
			return byte(2*n + 1)
		}
		return 0
	}
	if isThere(x) {
		if n, ok := v.constant("nil"); ok {
			return byte(2*n + 2)
		}
		return 0
	}
	if known == "" {
		return 0
	}
	if not, ok := x.(*ssa.UnOp); ok && not.Op == token.NOT {
		switch v.value(not.X, known) {
		case 1, 4:
			return 3 // false
		case 2, 3:
			return 1 // true
		}
		return 0
	}
	if i, ok := v.index[v.subject(x, 4)]; ok {
		return known[i]
	}
	return 0
}

// take returns what is known after the state, when control leaves its block by
// edge i, or ok false if it cannot.
func (v *variables) take(s State, i int) (known string, ok bool) {
	if len(v.index) == 0 {
		return "", true
	}
	b := s.Block
	k := []byte(s.known)
	for _, a := range v.stores[b.Index] {
		if a.to >= 0 {
			k[a.to] = v.value(a.value, s.known)
			if v.numbers[a.to] && code.IsBool(a.value.Type()) {
				k[a.to] = 0
			}
		}
		for _, n := range a.forget {
			k[n] = 0
		}
	}
	if t := v.tests[b.Index]; t.of >= 0 && !(t.first && i == 1) {
		yes := t.holds == (i == 0)
		if is, decided := says(k[t.of], t.is); decided && is != yes {
			return "", false
		}
		switch {
		case yes:
			k[t.of] = byte(2*t.is + 1)
		case k[t.of] == 0:
			k[t.of] = byte(2*t.is + 2)
		}
	}
	to := b.Succs[i]
	before := string(k)
	for _, n := range v.clears[[2]int{b.Index, to.Index}] {
		k[n] = 0
	}
	j := edgeInto(to, b, i)
	for _, in := range to.Instrs {
		phi, isPhi := in.(*ssa.Phi)
		if !isPhi {
			break
		}
		if n, ok := v.index[phi.Name()]; ok {
			k[n] = v.value(phi.Edges[j], before)
		}
	}
	if v.panics(to, k) {
		return "", false
	}
	for n := range k {
		if !v.live[to.Index][n] {
			k[n] = 0
		}
	}
	return string(k), true
}

// says tells whether a variable of which so much is known is the constant.
func says(known byte, is int) (yes, decided bool) {
	switch {
	case known == 0:
		return false, false
	case known%2 == 1:
		return int(known-1)/2 == is, true
	case int(known-2)/2 == is:
		return false, true
	case is <= 1 && known <= 4:
		return true, true // not true is false
	}
	return false, false
}

// edgeInto returns which of the predecessors of to edge i of b is.
func edgeInto(to, b *ssa.BasicBlock, i int) int {
	second := i == 1 && b.Succs[0] == to // both edges of the branch lead there
	for j, p := range to.Preds {
		if p == b {
			if !second {
				return j
			}
			second = false
		}
	}
	return 0
}

// loops notes what is computed anew in each round of a loop, or may be changed by others
// before it is asked for again.
func (v *variables) loops() {
	for _, l := range v.g.All() {
		var anew []int
		for _, b := range l.Blocks {
			t := v.tests[b.Index]
			if in, ok := t.value.(ssa.Instruction); ok && l.Has(in.Block()) && !keeps(in) {
				anew = append(anew, t.of)
			}
		}
		for _, p := range l.Head.Preds {
			if e := [2]int{p.Index, l.Head.Index}; l.Has(p) {
				v.clears[e] = append(v.clears[e], anew...)
			}
		}
	}
}

// liveness finds what is asked for from each block on.
func (v *variables) liveness() {
	blocks := v.g.Fn.Blocks
	v.live = make([][]bool, len(blocks))
	for i := range v.live {
		v.live[i] = make([]bool, len(v.index))
	}
	mark := func(b *ssa.BasicBlock, x ssa.Value) {
		x, _ = Positive(x)
		n, ok := v.index[v.subject(x, 4)]
		if !ok {
			return
		}
		work := []*ssa.BasicBlock{b}
		for len(work) > 0 {
			b := work[len(work)-1]
			work = work[:len(work)-1]
			if !v.live[b.Index][n] {
				v.live[b.Index][n] = true
				work = append(work, b.Preds...)
			}
		}
	}
	for _, b := range blocks {
		if t := v.tests[b.Index]; t.of >= 0 {
			mark(b, t.value)
		}
		for _, a := range v.stores[b.Index] {
			mark(b, a.value)
		}
		for _, phi := range needs(b) {
			mark(b, phi)
		}
		for _, in := range b.Instrs {
			phi, ok := in.(*ssa.Phi)
			if !ok {
				break
			}
			if _, ok := v.index[phi.Name()]; !ok {
				continue
			}
			for j, e := range phi.Edges {
				mark(b.Preds[j], e)
			}
		}
	}
}

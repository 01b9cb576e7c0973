package spawn

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/kb"
	"github.com/killcheck/killcheck/analyzer/signal"
	"github.com/killcheck/killcheck/analyzer/summary"
)

// A Finder finds the sites of a package.
type Finder struct {
	Graph *signal.Graph
	Base  *kb.Base
	Fact  func(*types.Func) *summary.Func // what is known of functions of other packages; may return nil

	// Spawns and Runs are filled by Find: for the functions of the package,
	// the parameters that they start in a goroutine or call themselves.
	Spawns, Runs map[*ssa.Function][]int

	kept map[*ssa.Alloc]ssa.Value // see stored
}

// Find returns the places in fns where goroutines start, in the order of fns.
// A go statement inside a wrapper is among them, its body being what the
// wrapper adds to its parameter.
func (f *Finder) Find(fns []*ssa.Function) []*Site {
	f.Spawns = make(map[*ssa.Function][]int)
	f.Runs = make(map[*ssa.Function][]int)
	f.kept = make(map[*ssa.Alloc]ssa.Value)
	for changed := true; changed; {
		changed = false
		for _, fn := range fns {
			changed = f.params(fn) || changed
		}
	}
	var sites []*Site
	for _, fn := range fns {
		if !f.Graph.Live(fn) {
			continue // nothing starts it
		}
		for _, b := range fn.Blocks {
			for _, in := range b.Instrs {
				if c, ok := in.(ssa.CallInstruction); ok {
					sites = append(sites, f.sites(fn, c)...)
				}
			}
		}
	}
	return sites
}

// arg returns parameter n of a call, the receiver not counted, or nil.
func arg(c *ssa.CallCommon, n int) ssa.Value {
	if !c.IsInvoke() && c.Signature().Recv() != nil {
		n++
	}
	if n < 0 || n >= len(c.Args) {
		return nil
	}
	return c.Args[n]
}

// sites returns the goroutines that one call or go statement starts.
func (f *Finder) sites(fn *ssa.Function, in ssa.CallInstruction) []*Site {
	c := in.Common()
	if _, ok := in.(*ssa.Go); ok {
		s := &Site{Kind: Go, Pos: in.Pos(), End: in.Pos() + 2, In: fn, Inst: in, Call: c}
		s.Body = f.single(c.Value, c)
		if fns, open := f.Graph.Callees(in); c.IsInvoke() && len(fns) == 1 && !open {
			s.Body = fns[0] // the only implementation
		}
		return []*Site{s}
	}
	var sites []*Site
	for _, n := range f.spawned(c) {
		v := arg(c, n)
		if v == nil {
			continue // a variadic call without arguments
		}
		if k, ok := v.(*ssa.Const); ok && k.IsNil() {
			continue // no function
		}
		s := &Site{Kind: Wrapper, Pos: in.Pos(), End: in.Pos() + 1, In: fn, Inst: in, Body: f.single(v, nil)}
		if callee := signal.Callee(c); callee != nil {
			s.Via = callee.FullName()
			if e, ok := f.Base.Func(callee); ok && e.Effect == kb.Spawns {
				s.Kind, s.Join, s.Once = Call, e.Join, e.Once
			}
		}
		sites = append(sites, s)
	}
	return sites
}

// single returns the one function that v can be, or nil.
func (f *Finder) single(v ssa.Value, c *ssa.CallCommon) *ssa.Function {
	if c != nil && c.IsInvoke() {
		return nil
	}
	if c != nil {
		if s := c.StaticCallee(); s != nil {
			if o := s.Origin(); o != nil {
				return o
			}
			return s
		}
	}
	if p, _ := f.Param(v); p != nil {
		return nil // judged where the parameter is given
	}
	if fns, open := f.Graph.Functions(v); len(fns) == 1 && !open {
		return fns[0]
	}
	return nil
}

// spawned returns the parameters that the callee of c starts in a goroutine.
func (f *Finder) spawned(c *ssa.CallCommon) []int {
	if callee := signal.Callee(c); callee != nil {
		if e, ok := f.Base.Func(callee); ok {
			if e.Effect == kb.Spawns && e.FuncArg >= 0 {
				return []int{e.FuncArg}
			}
			return nil
		}
		if fact := f.Fact(callee); fact != nil {
			return fact.Spawns
		}
	}
	if s := c.StaticCallee(); s != nil {
		if o := s.Origin(); o != nil {
			s = o
		}
		return f.Spawns[s]
	}
	return nil
}

// run returns the parameters that the callee of c calls before it returns.
func (f *Finder) run(c *ssa.CallCommon) []int {
	if callee := signal.Callee(c); callee != nil {
		if e, ok := f.Base.Func(callee); ok {
			if e.Effect == kb.Callback && e.FuncArg >= 0 {
				return []int{e.FuncArg}
			}
			return nil
		}
		if fact := f.Fact(callee); fact != nil {
			return fact.Runs
		}
	}
	if s := c.StaticCallee(); s != nil {
		return f.Runs[s]
	}
	return nil
}

// params learns from the body of fn which parameters of it, or of the functions
// around it, run in a goroutine or are called.
func (f *Finder) params(fn *ssa.Function) (changed bool) {
	apart := f.apart(fn)
	runs := func(v ssa.Value) bool {
		if _, of := f.Param(v); apart && of != fn {
			return false // those around fn do not wait for it
		}
		return f.note(f.Runs, v)
	}
	for _, b := range fn.Blocks {
		for _, in := range b.Instrs {
			c, ok := in.(ssa.CallInstruction)
			if !ok {
				continue
			}
			com := c.Common()
			_, isGo := in.(*ssa.Go)
			if isGo {
				changed = f.spawn(com.Value) || changed
				for _, n := range f.run(com) {
					changed = f.spawn(arg(com, n)) || changed // go withRecover(f)
				}
				continue
			}
			if !com.IsInvoke() && com.StaticCallee() == nil {
				changed = runs(com.Value) || changed
			}
			for _, n := range f.spawned(com) {
				changed = f.spawn(arg(com, n)) || changed
			}
			for _, n := range f.run(com) {
				changed = runs(arg(com, n)) || changed
			}
		}
	}
	return changed
}

// apart reports whether fn is a function literal that only goroutines run.
func (f *Finder) apart(fn *ssa.Function) bool {
	if fn.Parent() == nil {
		return false
	}
	started := false
	for _, use := range *fn.Referrers() {
		m, ok := use.(*ssa.MakeClosure)
		if !ok || m.Fn != fn {
			continue
		}
		for _, r := range *m.Referrers() {
			if !f.starts(r, m) {
				return false
			}
			started = true
		}
	}
	return started
}

// starts reports whether the instruction starts the function in a goroutine.
func (f *Finder) starts(in ssa.Instruction, fn *ssa.MakeClosure) bool {
	switch in := in.(type) {
	case *ssa.Go:
		return in.Call.Value == fn
	case ssa.CallInstruction:
		for _, n := range f.spawned(in.Common()) {
			if arg(in.Common(), n) == fn {
				return true
			}
		}
	}
	return false
}

// spawn notes that v runs in a goroutine: v itself if it is a parameter, or the
// parameters that the closure v calls.
func (f *Finder) spawn(v ssa.Value) bool {
	if v == nil {
		return false
	}
	if m, ok := v.(*ssa.MakeClosure); ok {
		changed := false
		for _, p := range called(m.Fn.(*ssa.Function)) {
			changed = f.note(f.Spawns, p) || changed
		}
		return changed
	}
	return f.note(f.Spawns, v)
}

// called returns the function values that fn calls.
func called(fn *ssa.Function) []ssa.Value {
	var vs []ssa.Value
	for _, b := range fn.Blocks {
		for _, in := range b.Instrs {
			if c, ok := in.(ssa.CallInstruction); ok && !c.Common().IsInvoke() && c.Common().StaticCallee() == nil {
				vs = append(vs, c.Common().Value)
			}
		}
	}
	return vs
}

func (f *Finder) note(m map[*ssa.Function][]int, v ssa.Value) bool {
	if v == nil {
		return false
	}
	p, fn := f.Param(v)
	if p == nil {
		return false
	}
	n := slices.Index(fn.Params, p)
	if fn.Signature.Recv() != nil {
		n--
	}
	if n < 0 || slices.Contains(m[fn], n) {
		return false
	}
	m[fn] = append(m[fn], n)
	slices.Sort(m[fn])
	return true
}

// Param follows v to the parameter it is, through variables that are assigned
// once, conversions and captures, and returns it with its function, or nil.
func (f *Finder) Param(v ssa.Value) (*ssa.Parameter, *ssa.Function) {
	for range 16 {
		switch x := v.(type) {
		case *ssa.Parameter:
			return x, x.Parent()
		case *ssa.ChangeType:
			v = x.X
		case *ssa.UnOp:
			v = x.X // a load: go on with the variable
		case *ssa.FreeVar:
			v = code.Binding(x)
		case *ssa.Alloc:
			v = f.stored(x)
		default:
			return nil, nil
		}
		if v == nil {
			return nil, nil
		}
	}
	return nil, nil
}

// stored returns the only value that is stored in the variable by its own
// function, or nil.
func (f *Finder) stored(a *ssa.Alloc) (v ssa.Value) {
	if v, ok := f.kept[a]; ok {
		return v
	}
	defer func() { f.kept[a] = v }()
	for _, r := range *a.Referrers() {
		if s, ok := r.(*ssa.Store); ok && s.Addr == a {
			if v != nil {
				return nil
			}
			v = s.Val
		}
	}
	return v
}

// Called returns the arguments of c that its callee calls before it returns.
func (f *Finder) Called(c *ssa.CallCommon) []ssa.Value {
	var vs []ssa.Value
	for _, n := range f.run(c) {
		if v := arg(c, n); v != nil {
			vs = append(vs, v)
		}
	}
	return vs
}
